// Starts the real program on a free port, with data of its own, and ends it.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const binary = process.env.PLEIN_BIN ?? join(root, 'bin/plein')

/** Where the real records are that may not be in the repository; undefined where they are not. */
export const testData = process.env.PLEIN_TESTDATA && existsSync(process.env.PLEIN_TESTDATA) ? process.env.PLEIN_TESTDATA : undefined

/** Starts `plein serve` on the catalogue that `fill` asks for: 'starter', 'demo' or 'real'. A flag may be made of the address. */
export async function serve(fill, ...flags) {
  const data = mkdtempSync(join(tmpdir(), 'plein-e2e-'))
  if (fill === 'real') {
    plein('seed', '--data', data)
    const texts = join(testData, 'texts/algoritmeregister.jsonl')
    plein('import', texts, '--data', data, '--map', join(root, 'examples/import/algoritmeregister.yml'), '--names', join(testData, 'tooi_organisaties.tsv'))
  }
  const port = await freePort()
  const base = `http://localhost:${port}`
  const own = [...(fill === 'demo' ? ['--demo'] : []), ...flags.map((flag) => (typeof flag === 'function' ? flag(base) : flag))]
  const log = []
  let child
  const begin = async () => {
    child = spawn(binary, ['serve', '--data', data, '--listen', `127.0.0.1:${port}`, '--rate-limit', 'off', ...own], { stdio: ['ignore', 'ignore', 'pipe'] })
    child.stderr.on('data', (piece) => log.push(piece))
    for (let tries = 0; ; tries++) {
      const ready = await fetch(`${base}/readyz`).then((r) => r.json(), () => undefined)
      if (ready && JSON.stringify(ready).match(/"search"[^}]*"ok"/i)) return
      if (child.exitCode !== null || tries > 300) throw new Error(`plein did not start:\n${Buffer.concat(log)}`)
      await new Promise((done) => setTimeout(done, 100))
    }
  }
  const end = async () => {
    const ended = new Promise((done) => child.once('exit', done))
    child.kill('SIGTERM')
    await ended
  }
  await begin()
  return {
    base,
    data,
    log: () => Buffer.concat(log).toString(),
    async stop() {
      await end()
      rmSync(data, { recursive: true, force: true })
    },
    /** Ends the program, does something to its data, and starts it again where it was. */
    async restart(meanwhile) {
      await end()
      meanwhile()
      await begin()
    },
  }
}

/** Starts a node that exchanges with others on this machine. */
export const serveInNetwork = () => serve('starter', (base) => `--base-url=${base}`, '--allow-loopback-peers')

/** Carries out a command of the program, and gives what it answers. */
export function plein(...args) {
  const { status, stdout, stderr } = spawnSync(binary, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`plein ${args[0]}: ${stderr}`)
  return stdout.trim()
}

/** A port that nobody listens on. */
export function freePort() {
  return new Promise((found, failed) => {
    const server = createServer()
    server.once('error', failed)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => found(port))
    })
  })
}

/** Asks the API. */
export async function ask(base, query, variables) {
  const response = await fetch(`${base}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = await response.json()
  if (errors) throw new Error(JSON.stringify(errors))
  return data
}
