import { expect, test } from 'vitest'
import type { PageLessonQuery } from '../../graphql/generated/graphql'
import { copied, expectAccessible, here, showPage } from '../../testing'
import lesson from './page'

type Lesson = Extract<NonNullable<NonNullable<PageLessonQuery['address']>['record']>, { __typename: 'Lesson' }>

const udc = { slug: 'udc-a', name: 'UDC A' }
const whole: Lesson = {
  __typename: 'Lesson',
  id: 'les_1',
  uri: 'https://plein.example/id/les_1',
  title: 'Neem de tijd',
  summary: 'Een scherpe vraag scheelt werk.',
  languages: ['NL'],
  contentLanguage: 'NL',
  provenance: 'STARTER',
  origin: here,
  publicVersion: 1,
  publishedAt: '2024-03-01T10:00:00Z',
  updatedAt: '2024-03-01T10:00:00Z',
  sourceLinks: [],
  license: { label: 'CC BY 4.0', notation: 'cc-by-4.0' },
  publisher: udc,
  kind: 'AVOID',
  context: '<p>In het begin.</p>',
  recommendation: '<p>Schrijf het samen op.</p>',
  consequence: '<p>Dan moet het over.</p>',
  stepsInFull: [{ key: 'vraag', title: 'De vraag scherp krijgen' }],
  roles: [{ id: 'r1', label: 'domeinexpert' }],
  projects: { totalCount: 2, nodes: [{ __typename: 'Project', slug: 'kamers', title: 'Kamers', languages: ['NL'], contentLanguage: 'NL', publisher: udc }] },
  reviewBy: '2026-03-01',
}
const url = '/lessen/udc-a/neem-de-tijd'
const at = (record: Lesson | null, path = url): PageLessonQuery => ({ address: { path, record, tombstone: null } })

test('a lesson tells what to do, when and why, and where it belongs', async () => {
  const { container, view } = showPage(lesson, at(whole), url)
  expect([...container.querySelectorAll('h1, main h2')].map((h) => h.textContent)).toEqual([
    'Neem de tijd',
    'Wanneer dit speelt',
    'Wat u kunt doen',
    'Wat er anders gebeurt',
    'Geleerd in',
    'Bij welke stap u dit nodig hebt',
    'Over deze beschrijving',
  ])
  const main = container.querySelector('main')!
  expect(main.textContent).toContain('Vermijd dit')
  expect(main.textContent).toContain('maart 2026')
  expect(main.textContent).toContain('en 1 ander project')
  expect(main.querySelector('a[href="/lessen?stap=vraag"]')?.textContent).toBe('De vraag scherp krijgen')
  expect(main.querySelector('a[href="/projecten/udc-a/kamers"]')).not.toBeNull()
  expect(view.jsonLd).toMatchObject({ '@type': 'LearningResource', url: 'https://plein.example' + url })
  await expectAccessible(container)
})

test('what a lesson does not have is left out', async () => {
  const bare: Lesson = { ...whole, summary: null, context: null, consequence: null, stepsInFull: [], roles: [], projects: { totalCount: 0, nodes: [] }, reviewBy: null, provenance: 'OWN' }
  const { container } = showPage(lesson, at(bare), url)
  expect([...container.querySelectorAll('main h2')].map((h) => h.textContent)).toEqual(['Wat u kunt doen', 'Over deze beschrijving'])
  expect(container.querySelector('main aside')).toBeNull()
  await expectAccessible(container)
})

test('an English page marks a Dutch lesson', async () => {
  const { container } = showPage(lesson, at(whole), '/en' + url)
  expect(container.querySelector('h1')?.getAttribute('lang')).toBe('nl')
  expect(container.querySelector('.plein-prose')?.getAttribute('lang')).toBe('nl')
  expect(container.querySelector('main')!.textContent).toContain('What you can do')
  await expectAccessible(container)
})

test('an old address moves and an unknown one is not found', () => {
  expect(showPage(lesson, at(whole, '/lessen/udc-a/nieuw'), url).view.location).toBe('/lessen/udc-a/nieuw')
  expect(showPage(lesson, { address: null }, url).view.status).toBe(404)
})

test('a copy of a lesson leads home, where a mistake in it can be mended', () => {
  const { container, view } = showPage(lesson, at({ ...whole, ...copied }), url)
  expect(container.querySelector('h1 ~ .plein-notice')!.textContent).toContain('Kopie van UDC Zuid')
  expect(container.querySelector('#fout-melden')).toBeNull()
  expect(view.original).toBe(copied.origin.url)
})
