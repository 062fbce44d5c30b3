import { cleanup, render, screen } from '@testing-library/preact'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { whereIs } from '../app'
import { expectAccessible } from '../testing'
import { en } from '../taal/en'
import { nl } from '../taal/nl'
import { WhereProvider } from '../where'
import { SearchBox } from './SearchBox'

// A server that answers each request as it came.
let asked: { prefix: string; language: string }[]
let titles: string[]
beforeEach(() => {
  asked = []
  titles = ['Armoede in beeld', 'Armoede onder ouderen', 'Stille armoede']
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const { prefix } = JSON.parse(new URLSearchParams(url.split('?')[1]).get('variables')!)
    asked.push({ prefix, language: (init.headers as Record<string, string>)['accept-language'] })
    return { json: async () => ({ data: { suggest: titles } }) }
  })
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

function box(language: 'nl' | 'en' = 'nl') {
  const t = language === 'nl' ? nl : en
  const where = whereIs(language === 'nl' ? '/' : '/en', { base: 'https://plein.example', demo: false }, t)
  const { container } = render(
    <WhereProvider value={where}>
      <SearchBox />
    </WhereProvider>,
  )
  const form = container.querySelector('form')!
  const sent: string[] = []
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    sent.push(String(new FormData(form).get('q')))
  })
  return { container, form, sent, t }
}

const options = () => screen.findAllByRole('option')

test('before anybody comes to it the search box is a plain form', async () => {
  const { container, form } = box()
  expect(form.getAttribute('action')).toBe('/zoeken')
  expect(screen.getByRole('textbox', { name: nl.frame.searchLabel }).getAttribute('name')).toBe('q')
  expect(screen.queryByRole('combobox')).toBeNull()
  await expectAccessible(container)
})

test('what is typed brings titles that go on from it, and says how many', async () => {
  const { container, t } = box()
  await userEvent.type(screen.getByRole('textbox'), 'armo')
  expect((await options()).map((o) => o.textContent)).toEqual(titles)
  expect(asked).toEqual([{ prefix: 'armo', language: 'nl' }]) // once, after the last key
  expect(screen.getByRole('combobox').getAttribute('aria-expanded')).toBe('true')
  expect(screen.getByRole('status').textContent).toBe(t.frame.suggested(3))
  await expectAccessible(container)
})

test('in English the English titles are asked for', async () => {
  const { t } = box('en')
  await userEvent.type(screen.getByRole('textbox'), 'pov')
  await options()
  expect(asked).toEqual([{ prefix: 'pov', language: 'en' }])
  expect(screen.getByRole('status').textContent).toBe(t.frame.suggested(3))
})

test('arrow keys walk around the list and Enter searches for what they stand at', async () => {
  const { sent } = box()
  await userEvent.type(screen.getByRole('textbox'), 'armo')
  const list = await options()
  const field = screen.getByRole('combobox')
  const at = () => list.findIndex((o) => o.getAttribute('aria-selected') === 'true' && o.id === field.getAttribute('aria-activedescendant'))
  const places: number[] = []
  for (const key of ['{ArrowDown}', '{ArrowDown}', '{ArrowDown}', '{ArrowDown}', '{ArrowUp}', '{ArrowUp}']) {
    await userEvent.keyboard(key)
    places.push(at())
  }
  expect(places).toEqual([0, 1, 2, -1, 2, 1])
  await userEvent.keyboard('{Enter}')
  expect(sent).toEqual(['Armoede onder ouderen'])
  expect(screen.queryByRole('option')).toBeNull()
})

test('Enter without a choice searches for what was typed', async () => {
  const { sent } = box()
  await userEvent.type(screen.getByRole('textbox'), 'armo')
  await options()
  await userEvent.keyboard('{Enter}')
  expect(sent).toEqual(['armo'])
})

test('Escape closes the list and keeps the words; typing on opens it again', async () => {
  box()
  await userEvent.type(screen.getByRole('textbox'), 'armo')
  await options()
  await userEvent.keyboard('{Escape}')
  const field = screen.getByRole<HTMLInputElement>('combobox')
  expect(field.getAttribute('aria-expanded')).toBe('false')
  expect(screen.queryByRole('option')).toBeNull()
  expect(field.value).toBe('armo')
  await userEvent.keyboard('e')
  expect(await options()).toHaveLength(3)
})

test('a suggestion can be pointed at', async () => {
  const { sent } = box()
  await userEvent.type(screen.getByRole('textbox'), 'armo')
  await userEvent.click((await options())[2])
  expect(sent).toEqual(['Stille armoede'])
})

test('one letter asks nothing, and going elsewhere closes the list', async () => {
  box()
  await userEvent.type(screen.getByRole('textbox'), 'a')
  await new Promise((done) => setTimeout(done, 250))
  expect(asked).toEqual([])
  await userEvent.keyboard('r')
  await options()
  await userEvent.tab()
  expect(screen.queryByRole('option')).toBeNull()
})

test('without an answer the box is as before', async () => {
  vi.stubGlobal('fetch', async () => {
    asked.push({ prefix: '', language: '' })
    throw new TypeError('offline')
  })
  const { sent } = box()
  await userEvent.type(screen.getByRole('textbox'), 'armo')
  await vi.waitFor(() => expect(asked).toHaveLength(1))
  await userEvent.keyboard('{Enter}')
  expect(sent).toEqual(['armo'])
})
