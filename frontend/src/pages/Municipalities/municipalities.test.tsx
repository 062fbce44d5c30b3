import { expect, test } from 'vitest'
import type { PageMunicipalitiesQuery } from '../../graphql/generated/graphql'
import { match } from '../../routes'
import { expectAccessible, showPage } from '../../testing'
import municipalities from './page'

const names = ['’s-Gravenhage', 'Súdwest-Fryslân', 'Leiden', 'Zwolle', 'Ameland', 'Leeuwarden']

const overview: PageMunicipalitiesQuery = {
  search: { facets: [{ buckets: names.map((name, i) => ({ count: 10 - i, municipality: { code: `GM000${i}`, name, population: i ? 1000 * i : null, location: { latitude: 52, longitude: 5 } } })) }] },
}

const found: PageMunicipalitiesQuery = {
  ...overview,
  municipalities: { totalCount: 120, nodes: [{ code: 'GM0002', name: 'Leiden', province: 'Zuid-Holland' }, { code: 'GM0099', name: 'Leiderdorp', province: 'Zuid-Holland' }] },
}

const none: PageMunicipalitiesQuery = { search: { facets: [{ buckets: [] }] } }

test('municipalities with projects are listed by name, whatever signs it has', async () => {
  const { container } = showPage(municipalities, overview, '/gemeenten')
  expect([...container.querySelectorAll('tbody th')].map((th) => th.textContent)).toEqual(['Ameland', 'Leeuwarden', 'Leiden', '’s-Gravenhage', 'Súdwest-Fryslân', 'Zwolle'])
  await expectAccessible(container)
})

test('letters lead to their part of the table', () => {
  const { container } = showPage(municipalities, overview, '/gemeenten')
  const letters = [...container.querySelectorAll('.plein-letters a')]
  expect(letters.map((a) => a.textContent)).toEqual(['A', 'L', 'S', 'Z'])
  for (const a of letters) expect(container.querySelector(a.getAttribute('href')!)?.tagName).toBe('TBODY')
})

test('only a search for a name asks for municipalities', () => {
  const variables = (url: string) => municipalities.variables!(match(url))
  expect(variables('/gemeenten?naam=+')).toMatchObject({ find: false })
  expect(variables('/gemeenten?naam=lei')).toEqual({ prefix: 'lei', find: true })
})

test('a search lists what begins so, with the number of projects', async () => {
  const { view, container } = showPage(municipalities, found, '/gemeenten?naam=lei')
  expect([...container.querySelectorAll('.plein-rows li')].map((li) => li.textContent)).toEqual(['Leiden Zuid-Holland · 8 projecten', 'Leiderdorp Zuid-Holland'])
  expect(container.querySelector<HTMLInputElement>('#naam')?.value).toBe('lei')
  expect(container.textContent).toContain('de eerste 2 van 120')
  expect(container.querySelector('table')).toBeNull()
  expect(view.hidden).toBe(true)
  await expectAccessible(container)
})

test('a name that nothing begins with says what to do', () => {
  const { container } = showPage(municipalities, { ...overview, municipalities: { totalCount: 0, nodes: [] } }, '/en/gemeenten?naam=xyz')
  expect(container.textContent).toContain('No municipality begins with “xyz”')
})

test('a catalogue without projects still lets one find a municipality', async () => {
  const { container } = showPage(municipalities, none, '/en/gemeenten')
  expect(container.querySelector('h1')?.textContent).toBe('Municipalities')
  expect(container.querySelector('form[action="/en/gemeenten"] input[name=naam]')).not.toBeNull()
  expect(container.querySelector('table')).toBeNull()
  await expectAccessible(container)
})
