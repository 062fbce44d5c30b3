import { expect, test } from 'vitest'
import type { PageTemplateQuery } from '../../graphql/generated/graphql'
import { expectAccessible, here, showPage } from '../../testing'
import template from './page'

type Template = Extract<NonNullable<NonNullable<PageTemplateQuery['address']>['record']>, { __typename: 'ProcessTemplate' }>
type Step = Template['steps'][number]

const udc = { slug: 'udc-a', name: 'UDC A' }
const named = { languages: ['NL' as const], contentLanguage: 'NL' as const, publisher: udc }
const step = (position: number, key: string, also: Partial<Step> = {}): Step => ({
  key,
  position,
  title: `Doe ${key}`,
  purpose: `<p>Waarom ${key}.</p>`,
  startsAfter: [],
  parallelWith: [],
  iterative: false,
  optional: false,
  guideDays: null,
  raci: [],
  checklist: [],
  deliverables: [],
  lessons: { totalCount: 0, nodes: [] },
  ...also,
})
const whole: Template = {
  __typename: 'ProcessTemplate',
  id: 'tpl_1',
  uri: 'https://plein.example/id/tpl_1',
  title: 'Vier stappen',
  summary: 'Van vraag naar antwoord.',
  languages: ['NL'],
  contentLanguage: 'NL',
  provenance: 'STARTER',
  origin: here,
  publicVersion: 3,
  publishedAt: '2024-03-01T10:00:00Z',
  updatedAt: '2025-03-01T10:00:00Z',
  sourceLinks: ['https://www.voorbeeld.example/bron'],
  license: { label: 'CC BY 4.0', notation: 'cc-by-4.0' },
  publisher: udc,
  number: '1.1.0',
  current: { number: '1.1.0', publishedAt: '2025-03-01T10:00:00Z', changeNote: '<p>Delen erbij.</p>' },
  roles: [
    { minimum: 1, role: { id: 'r1', label: 'domeinexpert' } },
    { minimum: 2, role: { id: 'r2', label: 'CBS-collega' } },
  ],
  steps: [
    step(1, 'vraag', {
      raci: [
        { raci: 'ACCOUNTABLE', role: { id: 'r0', label: 'opdrachtgever' } },
        { raci: 'RESPONSIBLE', role: { id: 'r1', label: 'domeinexpert' } },
        { raci: 'RESPONSIBLE', role: { id: 'r2', label: 'CBS-collega' } },
      ],
      checklist: [
        { key: 'a', text: 'De vraag past in één zin.', required: true },
        { key: 'b', text: 'Er is gezocht.', required: false },
      ],
      lessons: { totalCount: 7, nodes: [{ __typename: 'Lesson', slug: 'tijd', title: 'Neem de tijd', ...named }] },
    }),
    step(2, 'analyse', { startsAfter: ['vraag'], parallelWith: ['gebruik'], iterative: true, guideDays: 10 }),
    step(3, 'gebruik', { startsAfter: ['vraag'], optional: true, deliverables: [{ id: 'o', label: 'factsheet' }] }),
    step(4, 'delen', { startsAfter: ['analyse', 'gebruik'], purpose: null }),
  ],
  versions: {
    totalCount: 23,
    nodes: [
      { number: '1.1.0', publishedAt: '2025-03-01T10:00:00Z', changeNote: '<p>Delen erbij.</p>' },
      { number: '1.0.0', publishedAt: '2024-03-01T10:00:00Z', changeNote: '<p>Eerste versie.</p>' },
    ],
  },
  forkedFrom: null,
  usedBy: { totalCount: 3, nodes: [{ __typename: 'Project', slug: 'kamers', title: 'Kamers', ...named }] },
}
const at = (record: Template | null, path = '/sjablonen/udc-a/vier'): PageTemplateQuery => ({ address: { path, record, tombstone: null } })
const url = '/sjablonen/udc-a/vier'

test('the steps in short tell their order in words', async () => {
  const { container } = showPage(template, at(whole), url)
  const steps = [...container.querySelectorAll('.plein-way li')].map((li) => li.textContent)
  expect(steps).toEqual([
    '1Doe vraaghier begint u',
    '2Doe analysena stap 1 · tegelijk met stap 3 · wordt meestal een paar keer herhaald · duurt meestal 10 dagen',
    '3Doe gebruikna stap 1 · tegelijk met stap 2 · mag u overslaan',
    '4Doe delenna stap 2 en 3',
  ])
  expect(container.querySelectorAll('.plein-way__beside')).toHaveLength(2)
  for (const a of container.querySelectorAll('.plein-way a')) expect(container.querySelector(`[id="${a.getAttribute('href')!.slice(1)}"]`)).not.toBeNull()
  await expectAccessible(container)
})

test('a step tells who does what, what to look out for and where the lessons are', () => {
  const { container } = showPage(template, at(whole), url)
  const vraag = container.querySelector('#stap-vraag')!
  expect([...vraag.querySelectorAll('tr')].map((tr) => [...tr.children].map((c) => c.textContent))).toEqual([
    ['Doet het', 'domeinexpert, CBS-collega'],
    ['Beslist', 'opdrachtgever'],
  ])
  expect([...vraag.querySelectorAll('.plein-checks li')].map((li) => li.textContent)).toEqual(['De vraag past in één zin. (verplicht)', 'Er is gezocht.'])
  expect(vraag.querySelector('a[href="/lessen?stap=vraag"]')?.textContent).toBe('Alle 7 lessen bij deze stap')
  expect(vraag.querySelector('a[href="/lessen/udc-a/tijd"]')).not.toBeNull()
  expect(container.querySelector('#stap-gebruik')?.textContent).toContain('Wat het oplevertfactsheet')
})

test('the page tells the team, whose words these are, its versions and who works this way', () => {
  const { container, view } = showPage(template, at(whole), url)
  const text = container.querySelector('main')!.textContent
  expect(text).toContain('1 domeinexpert2 × CBS-collega')
  expect(text).toContain('De makers van Plein schreven dit op')
  expect(text).toContain('1 maart 2025')
  expect(text).toContain('Er zijn nog 21 oudere versies.')
  expect(text).toContain('En nog 2 andere projecten.')
  expect(container.querySelector('a[href="/sjablonen/udc-a/vier/1.1.0?vergelijk=1.0.0"]')?.textContent).toBe('Wat er veranderde sinds versie 1.0.0')
  expect(view.jsonLd).toMatchObject({ '@type': 'HowTo', license: 'https://creativecommons.org/licenses/by/4.0/', step: [{ position: 1, url: 'https://plein.example/sjablonen/udc-a/vier#stap-vraag' }, {}, {}, {}] })
})

test('a fork names what it began as and leads to what is different', async () => {
  const forkedFrom = { id: 'tpv_1', number: '1.0.0', template: { __typename: 'ProcessTemplate' as const, slug: 'zes', title: 'Zes stappen', ...named } }
  const { container } = showPage(template, at({ ...whole, forkedFrom }), url)
  expect(container.querySelector('aside')?.textContent).toContain('Deze werkwijze begon als Zes stappen 1.0.0 van UDC A.')
  expect(container.querySelector('aside a[href="/sjablonen/udc-a/vier/1.1.0?vergelijk=tpv_1"]')).not.toBeNull()
  await expectAccessible(container)
  const hidden = showPage(template, at({ ...whole, forkedFrom: { ...forkedFrom, template: null } }), url)
  expect(hidden.container.querySelector('aside')?.textContent).toContain('die hier niet te lezen is')
})

test('what is not known is left out', async () => {
  const { container } = showPage(
    template,
    at({ ...whole, provenance: 'OWN', summary: null, number: null, current: null, roles: [], steps: [], versions: { totalCount: 0, nodes: [] }, usedBy: { totalCount: 0, nodes: [] } }),
    url,
  )
  expect([...container.querySelectorAll('main h2')].map((h) => h.textContent)).toEqual(['De stappen in het kort', 'Projecten met deze werkwijze', 'Over deze beschrijving'])
  expect(container.querySelector('main aside')).toBeNull()
  await expectAccessible(container)
})

test('an English page marks what is written in Dutch', async () => {
  const { container } = showPage(template, at(whole), '/en' + url)
  expect(container.querySelector('h1')?.getAttribute('lang')).toBe('nl')
  expect(container.querySelector('#stap-vraag .plein-prose')?.getAttribute('lang')).toBe('nl')
  expect(container.querySelector('#stap-vraag caption')?.textContent).toBe('Who does what')
  expect(container.querySelector('#stap-vraag caption')?.closest('[lang]')).toBeNull()
  await expectAccessible(container)
})

test('an old address moves, a withdrawn one is gone and an unknown one is not found', () => {
  expect(showPage(template, at(whole, '/sjablonen/udc-a/nieuw'), url).view.location).toBe('/sjablonen/udc-a/nieuw')
  const gone = showPage(template, { address: { path: url, record: null, tombstone: { title: 'Vier', reason: 'Vervangen', at: '2025-01-01T00:00:00Z' } } }, url)
  expect(gone.view.status).toBe(410)
  expect(gone.container.textContent).toContain('Vervangen')
  expect(showPage(template, { address: null }, url).view.status).toBe(404)
})
