// How the Go tests speak with the scripts here: JSON in, JSON out.
import { readFileSync } from 'node:fs'

/** What the test asks. */
export const input = () => JSON.parse(readFileSync(0, 'utf8'))

/** Answers the test. */
export const answer = (value) => process.stdout.write(JSON.stringify(value))
