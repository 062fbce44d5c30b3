import { expect, test } from 'vitest'
import type { PageMunicipalityQuery } from '../../graphql/generated/graphql'
import { match } from '../../routes'
import { expectAccessible, here, showPage } from '../../testing'
import municipality from './page'

const leiden: PageMunicipalityQuery = {
  municipality: {
    code: 'GM0546', name: 'Leiden', aliases: ['Sleutelstad'], province: 'Zuid-Holland', population: 124306, sizeClass: 'K100_150', urbanity: null, density: 5682, referenceYear: 2022,
    organizations: [{ slug: 'udc-leiden', name: 'UDC Leiden', kind: 'MUNICIPAL_UDC' }, { slug: 'gemeente-leiden', name: 'Gemeente Leiden', kind: 'OTHER_PUBLIC_BODY' }],
    similar: [{ municipality: { code: 'GM0518', name: '’s-Gravenhage', province: 'Zuid-Holland' }, reasons: [{ contribution: 0.4, text: 'Zelfde provincie' }, { contribution: 0, text: 'Stedelijkheid onbekend' }] }],
  },
  search: {
    totalCount: 12,
    nodes: [{ __typename: 'Project', id: 'prj_1', slug: 'verkamering', title: 'Verkamering', summary: null, provenance: 'STARTER', origin: here, contentLanguage: 'NL', languages: ['NL'], publishedAt: null, publisher: { slug: 'udc-leiden', name: 'UDC Leiden' }, phase: 'DONE', municipalities: [], policyDomains: [] }],
  },
}

const without: PageMunicipalityQuery = {
  municipality: { code: 'GM9001', name: 'Nergenshuizen', aliases: [], province: 'Drenthe', population: null, sizeClass: null, urbanity: 4, density: null, referenceYear: 2022, organizations: [], similar: [] },
  search: { totalCount: 0, nodes: [] },
}

const facts = (container: Element) => Object.fromEntries([...container.querySelectorAll('.plein-facts > div')].map((d) => [d.querySelector('dt')?.textContent, d.querySelector('dd')?.textContent]))

test('a municipality shows what is known of it', async () => {
  const { container } = showPage(municipality, leiden, '/gemeenten/GM0546')
  expect(container.querySelector('h1')?.textContent).toBe('Leiden')
  expect(facts(container)).toMatchObject({
    Inwoners: '124.306 (rond 1 januari 2022)',
    Dichtheid: '5.682 inwoners per km² land',
    Stedelijkheid: 'Nog niet bekend: de indeling van het CBS is hier niet ingelezen.',
    'Doet mee in': 'UDC Leiden',
    Organisaties: 'Gemeente Leiden',
  })
  await expectAccessible(container)
})

test('a municipality leads to its projects, all of them and a feed', () => {
  const { view, container } = showPage(municipality, leiden, '/gemeenten/GM0546')
  expect(container.querySelector('a[href="/projecten/udc-leiden/verkamering"]')).not.toBeNull()
  expect(container.querySelector('a[href="/zoeken?soort=PROJECT&gemeente=GM0546"]')?.textContent).toBe('Alle 12 projecten bekijken')
  expect(view.feed).toBe('/zoeken.atom?soort=PROJECT&gemeente=GM0546')
})

test('similar municipalities come with the reasons that count', () => {
  const { container } = showPage(municipality, leiden, '/gemeenten/GM0546')
  const similar = container.querySelector('[aria-labelledby=vergelijkbaar]')!
  expect(similar.querySelector('a[href="/gemeenten/GM0518"]')).not.toBeNull()
  expect([...similar.querySelectorAll('.plein-card li')].map((li) => li.textContent)).toEqual(['Zelfde provincie'])
})

test('a municipality without projects says how to begin, and leaves out what is not known', async () => {
  const { container } = showPage(municipality, without, '/en/gemeenten/GM9001')
  expect(container.textContent).toContain('No projects of Nergenshuizen yet')
  expect(container.querySelector('a[href="/en/sjablonen"]')).not.toBeNull()
  expect(Object.keys(facts(container))).toEqual(['Province', 'Urbanity', 'CBS code'])
  await expectAccessible(container)
})

test('a code in small letters leads to the page', () => {
  expect(municipality.variables!(match('/gemeenten/gm0546'))).toEqual({ code: 'GM0546', municipality: 'GM0546' })
  expect(showPage(municipality, leiden, '/gemeenten/gm0546').view.location).toBe('/gemeenten/GM0546')
})

test('an unknown code is not found', () => {
  expect(showPage(municipality, { ...without, municipality: null }, '/gemeenten/GM0000').view.status).toBe(404)
})
