import { expect, test } from 'vitest'
import type { PageHomeQuery } from '../../graphql/generated/graphql'
import { expectAccessible, here, showPage } from '../../testing'
import home from './page'

const publisher = { slug: 'udc-leiden', name: 'UDC Leiden' }
const common = { summary: null, provenance: 'OWN' as const, origin: here, contentLanguage: 'NL' as const, languages: ['NL' as const], publishedAt: '2026-01-02T10:00:00Z', publisher }

function place(i: number): PageHomeQuery['search']['facets'][number]['buckets'][number] {
  const code = `GM${1000 + i}`
  return { count: 40 - i, municipality: { code, name: `Plaats ${i}`, population: 10_000 + i, location: { latitude: 52.16, longitude: 4.5 } } }
}

const full: PageHomeQuery = {
  search: {
    totalCount: 1530,
    nodes: [{ ...common, __typename: 'Project', id: 'prj_1', slug: 'verkamering', title: 'Verkamering', phase: 'DONE', municipalities: [], policyDomains: [] }],
    facets: [{ buckets: Array.from({ length: 20 }, (_, i) => place(i)) }],
  },
  lessons: { nodes: [{ ...common, __typename: 'Lesson', id: 'les_1', slug: 'neem-de-tijd', title: 'Neem de tijd', lessonKind: 'DO' }] },
  organizations: { totalCount: 1 },
}

const empty: PageHomeQuery = { search: { totalCount: 0, nodes: [], facets: [{ buckets: [] }] }, lessons: { nodes: [] }, organizations: { totalCount: 0 } }

const href = (container: Element, to: string) => container.querySelector(`main a[href="${to}"]`)

test('the home page counts, and leads to what is counted', async () => {
  const { container } = showPage(home, full, '/')
  expect(href(container, '/zoeken?soort=PROJECT')?.textContent).toBe('1.530 projecten')
  expect(href(container, '/udc')?.textContent).toBe('1 organisatie')
  expect(container.querySelector('.plein-counts a[href="/gemeenten"]')?.textContent).toBe('20 gemeenten met projecten')
  await expectAccessible(container)
})

test('the home page leads to the newest projects and lessons', () => {
  const { container } = showPage(home, full, '/')
  expect(href(container, '/projecten/udc-leiden/verkamering')?.textContent).toBe('Verkamering')
  expect(href(container, '/lessen/udc-leiden/neem-de-tijd')?.textContent).toBe('Neem de tijd')
})

test('the map has a dot for every municipality, and the table those with the most projects', () => {
  const { container } = showPage(home, full, '/')
  expect(container.querySelectorAll('.plein-map circle')).toHaveLength(20)
  expect(container.querySelectorAll('details tbody tr')).toHaveLength(15)
  expect(container.querySelector('details tbody tr')?.textContent).toBe('Plaats 010.00040')
})

test('a dot is where the map has its municipality', () => {
  const { container } = showPage(home, full, '/')
  const dot = container.querySelector('.plein-map circle')
  // Leiden by the formula of internal/web/map.go: (4.5 − 3.13) × 64.36 and (53.67 − 52.16) × 105.
  expect([dot?.getAttribute('cx'), dot?.getAttribute('cy')]).toEqual(['88.2', '158.6'])
})

test('the dots are no stops for the keyboard, and nothing for who hears the page', () => {
  const { container } = showPage(home, full, '/')
  const overlay = container.querySelector('.plein-map svg')!
  expect(overlay.getAttribute('aria-hidden')).toBe('true')
  expect([...overlay.querySelectorAll('a')].every((a) => a.getAttribute('tabindex') === '-1')).toBe(true)
  expect(container.querySelector('.plein-map img')?.getAttribute('alt')).toContain('tabel')
})

test('what a municipality is called is text, whatever is in it', () => {
  const strange = place(0)
  strange.municipality!.name = '<b>&"Oost'
  const { container } = showPage(home, { ...full, search: { ...full.search, facets: [{ buckets: [strange] }] } }, '/')
  expect(container.querySelector('.plein-map title')?.textContent).toBe('<b>&"Oost: 40')
  expect(container.querySelector('tbody th')?.textContent).toBe('<b>&"Oost')
})

test('a municipality of which the place is unknown is in the table and not on the map', () => {
  const unknown = place(0)
  unknown.municipality!.location = null
  const { container } = showPage(home, { ...full, search: { ...full.search, facets: [{ buckets: [unknown] }] } }, '/')
  expect(container.querySelectorAll('.plein-map circle')).toHaveLength(0)
  expect(container.querySelectorAll('details tbody tr')).toHaveLength(1)
})

test('an empty catalogue says how a project goes', async () => {
  const { container } = showPage(home, empty, '/')
  expect(container.textContent).toContain('Er staan nog geen projecten op Plein')
  expect(container.querySelectorAll('.plein-six > li')).toHaveLength(6)
  expect(href(container, '/sjablonen')).not.toBeNull()
  expect(container.querySelector('details')).toBeNull()
  await expectAccessible(container)
})

test('the English home page has English words and addresses', async () => {
  const { view, container } = showPage(home, full, '/en')
  expect(container.querySelector('h1')?.textContent).toBe('Learn from other municipalities')
  expect(href(container, '/en/zoeken?soort=PROJECT')?.textContent).toBe('1,530 projects')
  expect(container.querySelector('.plein-map a')?.getAttribute('href')).toBe('/en/gemeenten/GM1000')
  expect(view.jsonLd).toMatchObject({ '@type': 'WebSite', potentialAction: { target: { urlTemplate: 'https://plein.example/en/zoeken?q={search_term_string}' } } })
  await expectAccessible(container)
})
