import { afterEach, expect, test, vi } from 'vitest'
import { change, isSignedOut } from './ask'
import { MineRestoreDocument } from './generated/graphql'

const answering = (answer: unknown) => vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(JSON.stringify(answer)))
const input = { input: { id: 'prj_1', revision: 2 } }

afterEach(() => vi.restoreAllMocks())

test('a change is sent as who signed in, in the language of the page, with nothing in the address', async () => {
  const fetch = answering({ data: { recordRestore: { record: null, userErrors: [] } } })
  document.documentElement.lang = 'en'
  expect(await change(MineRestoreDocument, input)).toEqual({ data: { recordRestore: { record: null, userErrors: [] } } })
  const [address, init] = fetch.mock.calls[0]
  expect(address).toBe('/graphql')
  expect(init).toMatchObject({ method: 'POST', headers: { 'accept-language': 'en' } })
  expect(JSON.parse(String(init?.body))).toMatchObject({ variables: input, extensions: { persistedQuery: { sha256Hash: expect.stringMatching(/^[0-9a-f]{64}$/) } } })
})

test.each([
  ['UNAUTHENTICATED', 'signedOut'],
  ['FORBIDDEN', 'forbidden'],
  ['RATE_LIMITED', 'tooOften'],
  ['INTERNAL', 'unavailable'],
])('an answer with %s is a failure', async (code, failure) => {
  answering({ data: null, errors: [{ message: 'x', extensions: { code } }] })
  expect(await change(MineRestoreDocument, input)).toEqual({ failure })
})

test('an answer that does not come is a failure, and one that is not wanted any more is not', async () => {
  vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('no network'))
  expect(await change(MineRestoreDocument, input)).toEqual({ failure: 'unavailable' })
  await expect(change(MineRestoreDocument, input, AbortSignal.abort())).rejects.toThrow()
})

test('who is unknown is signed out, and who could not be found out is not', () => {
  expect(isSignedOut({ data: { viewer: null } })).toBe(true)
  expect(isSignedOut({ data: { viewer: { id: 'usr_1' } } })).toBe(false)
  expect(isSignedOut({ data: { viewer: null }, errors: [{ message: 'x', extensions: { code: 'INTERNAL' } }] })).toBe(false)
})
