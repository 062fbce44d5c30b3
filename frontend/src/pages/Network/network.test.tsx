import { act } from '@testing-library/preact'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import type { PageNetworkQuery, PeerFragment, PublishingFragment } from '../../graphql/generated/graphql'
import { match } from '../../routes'
import { expectAccessible, showPage } from '../../testing'
import page from './page'

type Federation = PageNetworkQuery['federation']

const fingerprint = '1f2e 3d4c 5b6a 7988 9706 a5b4 c3d2 e1f0'
const publisher = (id: string, rest: Partial<PublishingFragment> = {}): PublishingFragment => ({
  id: `pub_${id}`,
  name: `UDC ${id}`,
  organization: { slug: `udc-${id}` },
  state: 'ACTIVE',
  fingerprint,
  shownFingerprint: null,
  recordCount: 12,
  seenAt: '2027-01-12T09:00:00Z',
  isStale: false,
  problem: null,
  technicalDetail: null,
  waitingDeletes: 0,
  quarantined: 0,
  ...rest,
})
const peer = (id: string, rest: Partial<PeerFragment> = {}): PeerFragment => ({
  id: `nod_${id}`,
  name: `Catalogus ${id}`,
  baseUrl: `https://${id}.example`,
  state: 'ACTIVE',
  isDirect: true,
  recordCount: 12,
  softwareVersion: 'plein 0.2.0',
  lastSuccessAt: '2027-01-12T09:03:00Z',
  attemptedAt: '2027-01-12T09:03:00Z',
  nextAttemptAt: null,
  lastError: null,
  technicalDetail: null,
  behind: 0,
  publishers: [publisher(id)],
  ...rest,
})
const end = { hasNextPage: false, endCursor: null }
const listed = (...nodes: PeerFragment[]) => ({ totalCount: nodes.length, nodes, pageInfo: end })
const data = (rest: Partial<Federation>, isNodeAdministrator = true): PageNetworkQuery => ({
  viewer: { id: 'usr_1', displayName: 'Beheerder', isNodeAdministrator, memberships: [] },
  service: { isDemo: false },
  federation: { isOn: true, self: { name: 'UDC Delta', baseUrl: 'https://delta.example', recordCount: 1530 }, keys: [], ...rest },
})
const peers = (...nodes: PeerFragment[]) => data({ peers: listed(...nodes) })
const key = { organization: { id: 'org_1', name: 'UDC Delta', slug: 'udc-delta' }, fingerprint, createdAt: '2026-03-01T09:00:00Z', previous: 1, isElsewhere: false }
const answers = (done: object) => vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(JSON.stringify({ data: { done: { userErrors: [], ...done } } })))
const sent = (fetch: ReturnType<typeof answers>) => fetch.mock.calls.map(([, options]) => JSON.parse(String(options!.body)).variables)
const button = (container: Element, label: string) => [...container.querySelectorAll<HTMLButtonElement>('main button')].find((b) => b.textContent!.startsWith(label))!
const told = (text: string) => vi.waitFor(() => expect(document.activeElement?.textContent).toContain(text))
/** Ticks that one is certain, and goes on. */
const certainly = async (container: Element, id: string) => {
  const box = container.querySelector<HTMLInputElement>(`[id="${id}"]`)!
  expect(box.required).toBe(true)
  await userEvent.click(box)
  box.form!.requestSubmit()
}

vi.setConfig({ testTimeout: 30_000 }) // axe looks at whole pages, on a machine that may be busy
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

test('one part is asked for at a time', () => {
  const asked = (url: string) => page.variables!(match(url))
  expect(asked('/beheer/netwerk?na=c1')).toEqual({ peers: true, quarantine: false, after: 'c1' })
  expect(asked('/beheer/netwerk?deel=sleutels')).toEqual({ peers: false, quarantine: false, after: null })
  expect(asked('/en/beheer/netwerk?deel=apart')).toEqual({ peers: false, quarantine: true, after: null })
})

test('whoever does not look after the node sees no page', () => {
  expect(showPage(page, data({}, false), '/beheer/netwerk').view.status).toBe(404)
})

test('a node that does not exchange says how it begins to', async () => {
  const { container } = showPage(page, data({ isOn: false, peers: listed() }), '/beheer/netwerk')
  expect(container.querySelector('main code')!.textContent).toContain('--base-url')
  expect(container.querySelector('#adres')).toBeNull()
  await expectAccessible(container)
  const demo = showPage(page, { ...data({ isOn: false }), service: { isDemo: true } }, '/beheer/netwerk').container
  expect(demo.querySelector('main')!.textContent).toContain('er gaat niets naar andere catalogi')
})

test('the first node is added by its address, and what is wrong with that stands beside it', async () => {
  const fetch = answers({ peer: { name: 'UDC Zuid', publishers: [{ id: 'pub_1' }] } })
  const go = vi.fn()
  const { container } = showPage(page, peers(), '/beheer/netwerk', go)
  expect(container.textContent).toContain('Voeg hieronder de eerste catalogus toe')
  await expectAccessible(container)
  await userEvent.type(container.querySelector('#adres')!, 'plein.zuid.example{Enter}')
  await told('Gevonden: UDC Zuid. Vergelijk hieronder')
  expect(sent(fetch)).toEqual([{ input: { baseUrl: 'https://plein.zuid.example' } }])
  expect(go).toHaveBeenCalledWith('/beheer/netwerk')
  vi.restoreAllMocks()
  answers({ peer: null, userErrors: [{ code: 'INVALID', message: 'Daar is geen Plein.', field: ['baseUrl'] }] })
  await userEvent.type(container.querySelector('#adres')!, 'https://niets.example{Enter}')
  await vi.waitFor(() => expect(container.querySelector('#adres-fout')?.textContent).toBe('Daar is geen Plein.'))
  await expectAccessible(container)
})

test('only who was compared is taken in, with the fingerprint that was read aloud', async () => {
  const fetch = answers({ publisher: { id: 'pub_a' } })
  const proposed = peer('zuid', { state: 'PROPOSED', lastSuccessAt: null, attemptedAt: null, publishers: [publisher('a', { state: 'PROPOSED', organization: null }), publisher('b', { state: 'PROPOSED', organization: null })] })
  const { container } = showPage(page, peers(peer('aa'), proposed), '/beheer/netwerk', vi.fn())
  expect(container.querySelector('.plein-peer h3')!.textContent).toBe('Catalogus zuid') // what waits comes first
  expect(container.querySelector('.plein-compare .plein-fingerprint code')!.textContent!.trim()).toBe(fingerprint)
  await expectAccessible(container)
  await userEvent.click(button(container, 'Overnemen wat klopt'))
  await told('Vink aan wie u hebt vergeleken')
  expect(fetch).not.toHaveBeenCalled()
  await userEvent.click(container.querySelector('#pub_b')!)
  await userEvent.click(button(container, 'Overnemen wat klopt'))
  await told('UDC b: opgenomen')
  expect(sent(fetch)).toEqual([{ input: { id: 'pub_b', state: 'ACTIVE', fingerprint } }])
})

test('the first pull shows how far it is, and that is looked at again only while somebody looks', async () => {
  vi.useFakeTimers()
  const later = listed(peer('zuid', { recordCount: 40 }))
  const fetch = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(JSON.stringify({ data: { viewer: { id: 'usr_1' }, federation: { peers: later } } })))
  const { container } = showPage(page, peers(peer('zuid', { lastSuccessAt: null, recordCount: 30, behind: 10 })), '/beheer/netwerk', vi.fn())
  const bar = container.querySelector('progress')!
  expect([bar.value, bar.max]).toEqual([30, 40])
  expect(container.textContent).toContain('30 beschrijvingen opgehaald')
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
  document.dispatchEvent(new Event('visibilitychange'))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(fetch).not.toHaveBeenCalled()
  hidden.mockReturnValue(false)
  document.dispatchEvent(new Event('visibilitychange'))
  await act(async () => void (await vi.advanceTimersByTimeAsync(2_000)))
  expect(fetch).toHaveBeenCalledTimes(1)
  expect(container.querySelector('progress')).toBeNull()
  expect([...container.querySelectorAll('main [role=status]')].map((s) => s.textContent)).toContain('Alles van Catalogus zuid is opgehaald.')
  await act(async () => void (await vi.advanceTimersByTimeAsync(60_000)))
  expect(fetch).toHaveBeenCalledTimes(1) // there is nothing to see any more
})

test('a node is pulled now, paused and resumed', async () => {
  const fetch = answers({ peer: { id: 'nod_zuid' } })
  const { container } = showPage(page, peers(peer('zuid')), '/beheer/netwerk', vi.fn())
  await userEvent.click(button(container, 'Nu ophalen'))
  await vi.waitFor(() => expect(container.textContent).toContain('We kijken nu bij Catalogus zuid'))
  await userEvent.click(button(container, 'Pauzeren: Catalogus'))
  await told('Catalogus zuid is gepauzeerd')
  expect(sent(fetch)).toEqual([{ id: 'nod_zuid' }, { input: { id: 'nod_zuid', state: 'PAUSED' } }])
  const paused = showPage(page, peers(peer('zuid', { state: 'PAUSED' })), '/beheer/netwerk', vi.fn()).container
  expect(button(paused, 'Nu ophalen')).toBeUndefined()
  await userEvent.click(button(paused, 'Hervatten'))
  await told('Catalogus zuid is weer actief')
})

test('what is blocked or removed is said first, and done by who is certain', async () => {
  const fetch = answers({ peer: { id: 'nod_zuid' }, ok: true })
  const { container } = showPage(page, peers(peer('zuid')), '/beheer/netwerk', vi.fn())
  expect(container.textContent).toContain('Alles wat van Catalogus zuid kwam, wordt hier gewist: 12 beschrijvingen')
  container.querySelectorAll('details').forEach((d) => (d.open = true))
  await expectAccessible(container)
  await certainly(container, 'nod_zuid-blokkeren')
  await told('Catalogus zuid is geblokkeerd')
  await certainly(container, 'nod_zuid-verwijderen')
  await told('Catalogus zuid is verwijderd')
  expect(sent(fetch)).toEqual([{ input: { id: 'nod_zuid', state: 'BLOCKED' } }, { id: 'nod_zuid' }])
})

test('a node that does not answer keeps what is here, and says when it is tried again', async () => {
  const unreachable = (rest: Partial<PeerFragment>) => showPage(page, peers(peer('zuid', { state: 'UNREACHABLE', lastError: 'De catalogus antwoordt niet.', nextAttemptAt: '2027-01-12T10:30:00Z', publishers: [publisher('zuid', { isStale: true })], ...rest })), '/beheer/netwerk').container
  const said = unreachable({ technicalDetail: 'it does not answer: EOF' }).querySelector('.plein-notice details')!
  expect([said.querySelector('summary')!.textContent, said.querySelector('[lang=en]')!.textContent]).toEqual(['Technische uitleg: Catalogus zuid', 'it does not answer: EOF'])
  const container = unreachable({})
  expect(container.querySelector('.plein-notice')!.textContent).toBe('Het laatste bezoek lukte nietDe catalogus antwoordt niet.Wat hier al was, blijft te vinden. We proberen het vanzelf weer op 12 januari 2027 om 11:30.')
  expect(container.querySelector('.plein-peer')!.textContent).toContain('Slapend')
  await expectAccessible(container)
})

test('who asked sees which withdrawals wait, and lets them through', async () => {
  const withdrawn = (n: number) => ({ uri: `https://zuid.example/id/prj_${n}`, record: n === 1 ? null : { __typename: 'Project', slug: `p${n}`, title: `Project ${n}`, languages: ['NL'], contentLanguage: 'NL', publisher: { slug: 'udc-zuid', name: 'UDC zuid' } } })
  const lists: Record<string, number[]> = { null: [1, 2], c2: [3] }
  const fetch = vi.spyOn(globalThis, 'fetch').mockImplementation(async (_, options) => {
    const { after } = JSON.parse(String(options!.body)).variables
    if (after === undefined) return new Response(JSON.stringify({ data: { done: { userErrors: [], publisher: { id: 'pub_zuid' } } } }))
    return new Response(JSON.stringify({ data: { viewer: { id: 'usr_1' }, node: { waitingWithdrawals: { totalCount: 3, nodes: lists[String(after)].map(withdrawn), pageInfo: { hasNextPage: after === null, endCursor: 'c2' } } } } }))
  })
  const { container } = showPage(page, peers(peer('zuid', { publishers: [publisher('zuid', { problem: 'TOO_MANY_DELETES', waitingDeletes: 31, technicalDetail: 'more than 20 withdrawals within a day' })] })), '/beheer/netwerk', vi.fn())
  expect(container.querySelector('.plein-notice')!.textContent).toContain('31 intrekkingen wachten op u')
  expect(container.querySelector('.plein-tasks .nl-data-badge')!.textContent).toBe('Wacht op u') // and not that all is well
  const shown = () => [...container.querySelectorAll('.plein-waiting > li')].map((li) => [li.textContent, li.querySelector('a')?.getAttribute('href')])
  await vi.waitFor(() => expect(shown()).toEqual([['https://zuid.example/id/prj_1', undefined], ['Project 2', '/projecten/udc-zuid/p2']]))
  await expectAccessible(container)
  await userEvent.click(button(container, 'En nog 1'))
  await vi.waitFor(() => expect(shown()[2]).toEqual(['Project 3', '/projecten/udc-zuid/p3']))
  expect(button(container, 'En nog')).toBeUndefined()
  await vi.waitFor(() => expect(document.activeElement?.textContent).toBe('Project 3'))
  await certainly(container, 'pub_zuid-doorlaten')
  await told('worden nu overgenomen')
  expect(sent(fetch)).toEqual([{ id: 'pub_zuid', after: null }, { id: 'pub_zuid', after: 'c2' }, { id: 'pub_zuid' }])
  expect(container.querySelector('.plein-notice [lang=en]')!.textContent).toBe('more than 20 withdrawals within a day')
  await expectAccessible(container)
})

test('a key that nothing vouches for stands beside the old one, and is taken from somebody’s voice', async () => {
  const fetch = answers({ publisher: null, userErrors: [{ code: 'INVALID', message: 'Deze vingerafdruk is een andere.', field: ['fingerprint'] }] })
  const { container } = showPage(page, peers(peer('zuid', { publishers: [publisher('zuid', { problem: 'KEY_CHANGED', shownFingerprint: 'ffff eeee' })] })), '/beheer/netwerk', vi.fn())
  expect([...container.querySelectorAll('.plein-keys code')].map((code) => code.textContent!.trim())).toEqual([fingerprint, 'ffff eeee'])
  await userEvent.type(container.querySelector('#pub_zuid-nieuw')!, 'AAAA bbbb{Enter}')
  await vi.waitFor(() => expect(container.querySelector('#pub_zuid-nieuw-fout')?.textContent).toBe('Deze vingerafdruk is een andere.'))
  expect(sent(fetch)).toEqual([{ input: { id: 'pub_zuid', state: 'ACTIVE', fingerprint: 'AAAA bbbb' } }])
  await expectAccessible(container)
})

test.each(['REWOUND', 'FORKED', 'BAD_PROOF', 'OUT_OF_ORDER'] as const)('%s is told in words, with what to do', (problem) => {
  const { container } = showPage(page, peers(peer('zuid', { publishers: [publisher('zuid', { problem })] })), '/en/beheer/netwerk')
  expect(container.querySelector('.plein-notice')!.textContent).toMatch(/[Cc]all the administrator/)
  expect(container.querySelector('.plein-notice')!.textContent).not.toContain(problem)
})

test('one publisher is paused, and who was blocked is compared again', async () => {
  const fetch = answers({ publisher: { id: 'pub_a' } })
  const { container } = showPage(page, peers(peer('zuid', { isDirect: false, publishers: [publisher('a'), publisher('b', { state: 'BLOCKED', recordCount: 0 })] })), '/beheer/netwerk', vi.fn())
  expect(container.textContent).toContain('Met deze catalogus bent u niet zelf verbonden')
  expect(button(container, 'Nu ophalen')).toBeUndefined() // that is up to the one who passes it on
  await userEvent.click(button(container, 'Pauzeren'))
  await told('UDC a is gepauzeerd')
  await certainly(container, 'pub_b-weer')
  await told('UDC b is weer actief')
  expect(sent(fetch)).toEqual([{ input: { id: 'pub_a', state: 'PAUSED' } }, { input: { id: 'pub_b', state: 'ACTIVE', fingerprint } }])
})

test('the fingerprint of a publisher here is copied, and its key replaced after a warning', async () => {
  const fetch = answers({ key: { fingerprint } })
  const user = userEvent.setup()
  const { container } = showPage(page, data({ keys: [key] }), '/beheer/netwerk?deel=sleutels', vi.fn())
  await user.click(button(container, ' Kopieer'))
  expect(await navigator.clipboard.readText()).toBe(fingerprint)
  expect(container.textContent).toContain('in gebruik sinds 1 maart 2026 · 1 sleutel hiervoor')
  expect(container.textContent).toContain('1.530')
  await certainly(container, 'org_1-zeker')
  await told('De sleutel van UDC Delta is vervangen')
  expect(sent(fetch)).toEqual([{ input: { organization: 'org_1' } }])
  await expectAccessible(container)
})

test('a copy of a node says that it signs nothing, on every part, and goes on when the other one is off', async () => {
  const fetch = answers({ keys: [] })
  const { container } = showPage(page, data({ keys: [{ ...key, isElsewhere: true }], peers: listed() }), '/beheer/netwerk', vi.fn())
  expect(container.querySelector('.plein-notice--warn')!.textContent).toContain('Deze kopie publiceert niet')
  await certainly(container, 'enige')
  await told('Deze catalogus publiceert weer')
  expect(sent(fetch)).toEqual([{ input: { isOnlyOne: true } }])
  await expectAccessible(container)
})

test('what was put aside is told in words, with the rest for who wants it', async () => {
  const aside = { id: 'qua_1', publisher: { name: 'UDC Zuid' }, peer: null, epoch: 1, seq: 7, object: 'https://zuid.example/id/prj_1', reason: 'VERSION_CONFLICT', detail: 'version 2 says two things', at: '2027-01-12T09:00:00Z' }
  const { container } = showPage(page, data({ quarantine: { totalCount: 26, nodes: [aside, { ...aside, id: 'qua_2', reason: 'IETS_NIEUWS' }], pageInfo: { hasNextPage: true, endCursor: 'c2' } } }), '/beheer/netwerk?deel=apart')
  const rows = [...container.querySelectorAll('.plein-peers > li')]
  expect(rows[0].textContent).toContain('Dezelfde versie zegt twee verschillende dingenUDC Zuid · 12 januari 2027 om 10:00')
  expect(rows[0].textContent).toContain('regel 7, telling 2')
  expect(rows[0].textContent).toContain('Vraag de beheerder daar of er twee kopieën')
  expect(rows[0].querySelector('[lang=en]')!.textContent).toBe('version 2 says two things')
  expect(rows[1].textContent).toContain('Dit kon niet worden overgenomen')
  expect(container.querySelector('a[rel=next]')!.getAttribute('href')).toBe('/beheer/netwerk?deel=apart&na=c2')
  await expectAccessible(container)
})
