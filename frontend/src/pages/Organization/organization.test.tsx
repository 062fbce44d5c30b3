import { expect, test } from 'vitest'
import type { CardFragment, InPhaseFragment, PageOrganizationQuery } from '../../graphql/generated/graphql'
import { expectAccessible, here, showPage } from '../../testing'
import organization from './page'

const nothing: InPhaseFragment & { totalCount: number } = { totalCount: 0, nodes: [] }
const publisher = { slug: 'udc-leiden', name: 'UDC Leiden' }
const common = { summary: null, provenance: 'OWN' as const, origin: here, contentLanguage: 'NL' as const, languages: ['NL' as const], publishedAt: null, publisher }

const project = (slug: string, phase: 'DONE' | 'RUNNING'): Extract<CardFragment, { __typename: 'Project' }> => ({ ...common, __typename: 'Project', id: `prj_${slug}`, slug, title: slug, phase, municipalities: [], policyDomains: [] })

const bare = {
  id: 'org_1', uri: 'https://plein.example/id/org_1', slug: 'udc-leiden', name: 'UDC Leiden', kind: 'MUNICIPAL_UDC' as const, custody: 'OWN' as const, origin: null, tooiIri: null, municipalities: [], activeSince: null, activeUntil: null, approach: null,
  researcherCount: null, cbsColleagueCount: null, cbsDaysPerWeek: null, hasResearchDepartment: null, wipLimit: null, contactEmail: null, sourceLinks: [],
  running: nothing, intake: nothing, idea: nothing, done: nothing, onHold: nothing, stopped: nothing,
}

const empty: PageOrganizationQuery = { organization: bare, lessons: nothing, templates: nothing }

const full: PageOrganizationQuery = {
  organization: {
    ...bare, custody: 'REFERENCE', municipalities: [{ code: 'GM0546', name: 'Leiden' }], activeSince: '2017-12', approach: '<p>Elke week een dag samen.</p>', researcherCount: 4, cbsColleagueCount: 2, cbsDaysPerWeek: 1, hasResearchDepartment: false,
    contactEmail: 'udc@example.nl', tooiIri: 'https://identifier.overheid.nl/tooi/id/x', sourceLinks: ['https://www.platform31.nl/nieuws/iets'],
    running: { totalCount: 1, nodes: [project('verkamering', 'RUNNING')] },
    done: { totalCount: 9, nodes: [project('onderwijskansen', 'DONE')] },
  },
  lessons: { totalCount: 10, nodes: [{ ...common, __typename: 'Lesson', id: 'les_1', slug: 'neem-de-tijd', title: 'Neem de tijd', lessonKind: 'DO' }] },
  templates: { totalCount: 1, nodes: [{ ...common, __typename: 'ProcessTemplate', id: 'tpl_1', slug: 'zes-stappen', title: 'Zes stappen' }] },
}

test('a UDC tells how it works and what is known of it', async () => {
  const { container } = showPage(organization, full, '/udc/udc-leiden')
  expect(container.querySelector('.plein-prose')?.textContent).toBe('Elke week een dag samen.')
  const facts = container.querySelector('.plein-facts')!.textContent!
  for (const fact of ['december 2017', 'Beleidsonderzoekers4', 'ongeveer 1 dag per week', 'Eigen onderzoeksafdelingNee', 'udc@example.nl', 'platform31.nl']) expect(facts).toContain(fact)
  expect(container.querySelector('a[href="/gemeenten/GM0546"]')).not.toBeNull()
  await expectAccessible(container)
})

test('an organisation that does not write here itself says so', () => {
  expect(showPage(organization, full, '/udc/udc-leiden').container.textContent).toContain('schrijft hier nog niet zelf')
  expect(showPage(organization, empty, '/udc/udc-leiden').container.querySelector('.plein-notice')).toBeNull()
})

test('projects are grouped by phase with their number, what is going on first', () => {
  const { container } = showPage(organization, full, '/udc/udc-leiden')
  expect([...container.querySelectorAll('[aria-labelledby=projecten] > section > h3')].map((h) => h.textContent)).toEqual(['Loopt (1)', 'Afgerond (9)'])
  expect(container.querySelector('a[href="/zoeken?soort=PROJECT&status=DONE&organisatie=org_1"]')).not.toBeNull()
  expect(container.querySelector('a[href="/zoeken?soort=PROJECT&status=RUNNING&organisatie=org_1"]')).toBeNull()
})

test('lessons, ways of working and a feed follow', () => {
  const { view, container } = showPage(organization, full, '/udc/udc-leiden')
  expect(container.querySelector('a[href="/lessen/udc-leiden/neem-de-tijd"]')).not.toBeNull()
  expect(container.querySelector('a[href="/sjablonen/udc-leiden/zes-stappen"]')).not.toBeNull()
  expect(container.querySelector('a[href="/zoeken?soort=LESSON&organisatie=org_1"]')?.textContent).toBe('Alle 10 bekijken')
  expect(view.feed).toBe('/zoeken.atom?organisatie=org_1')
})

test('an organisation is a government organisation to machines', () => {
  expect(showPage(organization, full, '/udc/udc-leiden').view.jsonLd).toMatchObject({ '@type': 'GovernmentOrganization', name: 'UDC Leiden', url: 'https://plein.example/udc/udc-leiden', areaServed: [{ identifier: 'GM0546' }] })
})

test('an organisation with nothing yet says where to look', async () => {
  const { container } = showPage(organization, empty, '/en/udc/udc-leiden')
  expect(container.textContent).toContain('Plein has no projects of UDC Leiden yet.')
  expect(container.querySelector('a[href="/en/sjablonen"]')).not.toBeNull()
  expect([...container.querySelectorAll('dt')].map((dt) => dt.textContent)).toEqual(['Kind'])
  await expectAccessible(container)
})

test('an unknown organisation is not found', () => {
  expect(showPage(organization, { ...empty, organization: null }, '/udc/niets').view.status).toBe(404)
})

test('one that publishes on another node says on which, and leads there', async () => {
  const origin = { isLocal: false, isStale: false, fetchedAt: '2027-01-12T09:00:00Z', url: 'https://zuid.example/id/org_9', node: { name: 'Catalogus Zuid' } }
  const at = (isStale: boolean, url = '/udc/udc-leiden') => showPage(organization, { ...full, organization: { ...full.organization!, origin: { ...origin, isStale } } }, url).container
  const notice = at(false).querySelector('.plein-notice')!
  expect(notice.textContent).toBe('Publiceert op Catalogus Zuid · laatst gezien op 12 januari 2027Wat u hier van deze organisatie leest, zijn kopieën.Bekijk of reageer bij Catalogus Zuid')
  expect(notice.querySelector('a')!.getAttribute('href')).toBe('https://zuid.example/id/org_9')
  expect(at(true).textContent).toContain('Slapend: van Catalogus Zuid is al 30 dagen niets gehoord')
  await expectAccessible(at(false, '/en/udc/udc-leiden'))
})
