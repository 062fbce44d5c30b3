import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { match, routes } from './routes'

test('an address with a fixed part is not taken for one with a part that varies', () => {
  expect(match('/publiceren/nieuw').route.name).toBe('new')
  expect(match('/publiceren/abc').params).toEqual({ id: 'abc' })
  expect(match('/en/mijn/account').route.name).toBe('account')
})

test.each(routes.filter((route) => route.signedIn).map((route) => route.page))('%s asks who signed in', (page) => {
  const folder = join(import.meta.dirname, 'pages', page)
  const operations = readdirSync(folder).filter((file) => file.endsWith('.graphql')).map((file) => readFileSync(join(folder, file), 'utf8'))
  expect(operations.some((text) => /viewer \{[^}]*\.\.\.Person\b/.test(text))).toBe(true)
})
