import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import type { PageMineQuery, WorkFragment } from '../../graphql/generated/graphql'
import { expectAccessible, showPage } from '../../testing'
import mine from './page'

const udc = { id: 'org_1', slug: 'udc-a', name: 'UDC A' }
const work = (id: string, rest: Partial<WorkFragment> = {}): WorkFragment => ({
  __typename: 'Project',
  id,
  slug: id,
  title: `Project ${id}`,
  languages: ['NL'],
  contentLanguage: 'NL',
  publisher: udc,
  state: 'DRAFT',
  audience: 'PUBLIC',
  updatedAt: '2027-01-12T10:00:00Z',
  publishedAt: '2027-01-12T10:00:00Z',
  revision: 3,
  viewerCan: ['UPDATE'],
  ...rest,
})
const list = (...nodes: WorkFragment[]) => ({ totalCount: nodes.length, nodes, pageInfo: { hasNextPage: false, endCursor: null } })
const nothing = { waiting: null, mistakeReports: null, working: null, published: null, discarded: null, communityRecords: { ...list(), nodes: [] } }
const person = { id: 'usr_1', displayName: 'Auteur A', isNodeAdministrator: false, guestIn: [], memberships: [] }
const member = (role: 'MEMBER' | 'AUTHOR' | 'COORDINATOR', viewerCan: ('WRITE' | 'REVIEW')[]) => [{ role, organization: { ...udc, viewerCan } }]

const answers = (data: unknown) => vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(JSON.stringify({ data })))
const noDuties = { viewer: { id: 'usr_1' }, publicationDuties: null }

afterEach(() => vi.restoreAllMocks())

test('a coordinator sees first what waits, then the working copies and what is public', async () => {
  answers({ viewer: { id: 'usr_1' }, publicationDuties: { totalCount: 2, nodes: [{ output: { id: 'out_1', title: 'Factsheet', dueOn: '2027-01-02' }, project: { id: 'p', title: 'Project p' } }] } })
  const review = work('a', { state: 'IN_REVIEW', viewerCan: ['REVIEW'] })
  const own = work('b', { state: 'IN_REVIEW', viewerCan: ['UPDATE'] })
  const changes = work('c', { state: 'CHANGES_REQUESTED' })
  const data: PageMineQuery = {
    ...nothing,
    viewer: { ...person, memberships: member('COORDINATOR', ['WRITE', 'REVIEW']) },
    waiting: { nodes: [review, own, changes] },
    mistakeReports: { nodes: [{ id: 'mis_1', message: 'Het jaartal klopt niet.', at: '2027-01-12T10:00:00Z', record: work('d'), reporter: { label: 'Een bezoeker' } }] },
    working: list(own, changes),
    published: list(work('d', { state: 'PUBLISHED' }), work('e', { state: 'PUBLISHED', audience: 'COMMUNITY' }), work('f', { state: 'PUBLISHED', publishedAt: null })),
  }
  const { container, view } = showPage(mine, data, '/mijn')
  expect(view.hidden).toBe(true)
  expect([...container.querySelectorAll('main h2')].map((h) => h.textContent)).toEqual(['Wacht op u', 'Werkversies', 'Gepubliceerd'])
  const waits = () => [...container.querySelectorAll('section[aria-labelledby=wacht] .plein-tasks > li > .nl-data-badge')].map((b) => b.textContent)
  await vi.waitFor(() => expect(waits()).toEqual(['Beoordelen', 'Aanpassen', 'Te laat openbaar', 'Gemelde fout']))
  expect(container.querySelector('a[href="/publiceren/a/beoordelen"]')).not.toBeNull()
  expect(container.querySelector('a[href="/beheer/udc-a/termijnen"]')!.textContent).toBe('2 uitkomsten van UDC A hadden al openbaar moeten zijn')
  expect(container.querySelector('a[href="/projecten/udc-a/d"]')).not.toBeNull()
  expect([...container.querySelectorAll('section[aria-labelledby=gepubliceerd] .nl-data-badge')].map((b) => b.textContent)).toEqual(['Openbaar', 'Alleen voor leden', 'Onder embargo'])
  await expectAccessible(container)
})

test('an author without work is told how to begin', () => {
  answers(noDuties)
  const { container } = showPage(mine, { ...nothing, viewer: { ...person, memberships: member('AUTHOR', ['WRITE']) }, working: list() } as PageMineQuery, '/mijn')
  expect(container.querySelector('main')!.textContent).toContain('Er wacht niets op u.')
  expect(container.querySelector('main')!.textContent).toContain('Begin met een nieuw project')
  expect(container.querySelector('main a[href="/publiceren/nieuw"]')).not.toBeNull()
})

test('a member, somebody without an organisation and a guest each read what they can do', () => {
  answers(noDuties)
  const text = (data: Partial<PageMineQuery>) => showPage(mine, { ...nothing, ...data } as PageMineQuery, '/mijn').container.querySelector('main')!.textContent
  expect(text({ viewer: { ...person, memberships: member('MEMBER', []) } })).toContain('om u auteur te maken')
  expect(text({ viewer: person })).toContain('kan u uitnodigen')
  expect(text({ viewer: { ...person, isNodeAdministrator: true } })).toContain('Organisaties en accounts')
  const guest = text({ viewer: { ...person, guestIn: [{ id: 'prj_1' }] }, working: list(work('a', { viewerCan: [] })) })
  expect(guest).toContain('U werkt als gast mee')
  expect(guest).not.toContain('Nieuw project')
})

test('what was thrown away is taken back, and that is said', async () => {
  const go = vi.fn()
  const gone = work('weg', { viewerCan: ['RESTORE'] })
  answers({ recordRestore: { record: { id: 'weg' }, userErrors: [] } })
  const { container } = showPage(mine, { ...nothing, viewer: { ...person, guestIn: [{ id: 'weg' }] }, discarded: list(gone) } as PageMineQuery, '/mijn', go)
  await userEvent.click(container.querySelector('button[aria-label="Terughalen: Project weg"]')!)
  await vi.waitFor(() => expect(document.activeElement?.textContent).toBe('Project weg staat weer bij de werkversies.'))
  expect(go).toHaveBeenCalledWith('/mijn')
  await expectAccessible(container)
})

test('a report that cannot be closed keeps what was typed', async () => {
  const mistake = { id: 'mis_1', message: 'Fout.', at: '2027-01-12T10:00:00Z', record: null, reporter: { label: 'Een bezoeker' } }
  vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(JSON.stringify({ errors: [{ message: 'x', extensions: { code: 'UNAUTHENTICATED' } }] })))
  const { container } = showPage(mine, { ...nothing, viewer: { ...person, guestIn: [{ id: 'p' }] }, mistakeReports: { nodes: [mistake] } } as PageMineQuery, '/mijn')
  const field = container.querySelector('textarea')!
  await userEvent.type(field, 'Verbeterd.')
  container.querySelector<HTMLFormElement>('details form')!.requestSubmit()
  await vi.waitFor(() => expect(container.querySelector('details [role=alert] a')?.getAttribute('target')).toBe('_blank'))
  expect(field.value).toBe('Verbeterd.')
})

test('the records for members can be searched', async () => {
  const fetch = answers({ viewer: { id: 'usr_1' }, list: { totalCount: 0, nodes: [], pageInfo: { hasNextPage: false, endCursor: null } } })
  const shared = { ...work('a'), summary: 'Kort.', publishedAt: null }
  const { container } = showPage(mine, { ...nothing, viewer: { ...person, memberships: member('MEMBER', []) }, communityRecords: { totalCount: 1, nodes: [shared], pageInfo: { hasNextPage: false, endCursor: null } } } as PageMineQuery, '/mijn')
  expect(container.querySelector('section[aria-labelledby=gemeenschap] a')!.textContent).toBe('Project a')
  await userEvent.type(container.querySelector('#woorden')!, 'kamers{Enter}')
  await vi.waitFor(() => expect(container.querySelector('section[aria-labelledby=gemeenschap] [role=status]')!.textContent).toContain('Niets gevonden'))
  expect(String(fetch.mock.lastCall![1]!.body)).toContain('"query":"kamers"')
})
