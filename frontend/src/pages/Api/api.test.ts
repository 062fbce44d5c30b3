import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSchema, parse, validate } from 'graphql'
import { describe, expect, test } from 'vitest'
import { examples } from './examples'

const schemaFolder = join(import.meta.dirname, '../../../../graph')
const schemaFiles = existsSync(schemaFolder)
  ? readdirSync(schemaFolder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.graphqls'))
  : []

test('every example file is found', () => {
  expect(examples).toHaveLength(readdirSync(join(import.meta.dirname, 'examples')).length)
})

describe.each(examples)('$title', ({ title, explanation, query }) => {
  test('has a title and an explanation', () => {
    expect(title).toMatch(/^[A-Z].+[^.]$/)
    expect(explanation).toMatch(/^[A-Z].+\.$/)
  })

  test('holds one named operation', () => {
    expect(parse(query).definitions).toEqual([expect.objectContaining({ name: expect.anything() })])
  })

  test.skipIf(schemaFiles.length === 0)('is valid against the schema', () => {
    const sdl = schemaFiles.map((name) => readFileSync(join(schemaFolder, name), 'utf8')).join('\n')
    // The generator's own directives are not declared in the files.
    const schema = buildSchema(sdl, { assumeValidSDL: true })
    expect(validate(schema, parse(query))).toEqual([])
  })
})
