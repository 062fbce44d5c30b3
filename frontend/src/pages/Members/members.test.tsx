import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import type { MemberFragment, PageMembersQuery } from '../../graphql/generated/graphql'
import { expectAccessible, showPage } from '../../testing'
import page from './page'

const member = (id: string, role: MemberFragment['role'], user: Partial<MemberFragment['user']> = {}): MemberFragment => ({
  id: `mbr_${id}`,
  role,
  user: { id: `usr_${id}`, displayName: `Lid ${id}`, email: `${id}@gemeente.example`, state: 'ACTIVE', lastSignInAt: '2027-01-12T10:00:00Z', ...user },
})
type Organization = NonNullable<PageMembersQuery['organization']>
const data = (over: Partial<Organization> = {}, mail = false, ...nodes: MemberFragment[]): PageMembersQuery => ({
  viewer: { id: 'usr_1', displayName: 'Beheerder', memberships: [] },
  service: { signIn: { mail } },
  organization: { id: 'org_1', name: 'UDC A', custody: 'OWN', viewerCan: ['MANAGE_MEMBERS'], members: { totalCount: nodes.length, nodes, pageInfo: { hasNextPage: false, endCursor: null } }, ...over },
})
const people = [member('3', 'MEMBER', { displayName: 'Nog geen naam', state: 'INVITED', lastSignInAt: null }), member('1', 'ORG_ADMIN'), member('2', 'AUTHOR')]
const answers = (done: object) => vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(JSON.stringify({ data: { done: { userErrors: [], ...done } } })))
const sent = (fetch: ReturnType<typeof answers>) => JSON.parse(String(fetch.mock.lastCall![1]!.body)).variables.input
const at = '/beheer/udc-a/leden'
const rowOf = (container: Element, name: string) => [...container.querySelectorAll('main .plein-tasks > li')].find((li) => li.textContent!.includes(name))!
const told = (text: string) => vi.waitFor(() => expect(document.activeElement?.textContent).toContain(text))

afterEach(() => vi.restoreAllMocks())

test('members stand there with role and state: who did not come yet is seen at once', async () => {
  const { container } = showPage(page, data({}, false, ...people), at)
  expect(rowOf(container, 'Nog geen naam').textContent).toContain('Nog geen wachtwoord')
  expect(rowOf(container, 'Lid 1').textContent).toContain('(u)')
  expect(rowOf(container, 'Lid 2').textContent).toContain('auteur · 2@gemeente.example · laatst ingelogd op 12 januari 2027')
  expect(container.textContent).toContain('Deze website verstuurt geen e-mail')
  await expectAccessible(container)
})

test('where no mail is sent, who invites gets the link, once', async () => {
  const fetch = answers({ user: { id: 'usr_9', state: 'INVITED' }, url: 'https://plein.example/toegang/geheim' })
  const { container } = showPage(page, data({}, false, ...people), at, vi.fn())
  await userEvent.type(container.querySelector('#adres')!, 'nieuw@gemeente.example')
  await userEvent.click(container.querySelector('#nieuw-COORDINATOR')!)
  container.querySelector<HTMLFormElement>('form:has(#adres)')!.requestSubmit()
  await told('Geef de link hieronder door')
  expect(sent(fetch)).toEqual({ organization: 'org_1', email: 'nieuw@gemeente.example', name: null, role: 'COORDINATOR' })
  expect(container.querySelector('.plein-copyable')!.textContent).toBe('https://plein.example/toegang/geheim')
  expect(container.querySelector<HTMLInputElement>('#adres')!.value).toBe('')
  await expectAccessible(container)
})

test.each([
  [true, 'INVITED', 'krijgt een e-mail'],
  [true, 'ACTIVE', 'had al een account'],
  [false, 'INVITED', 'De beheerder van deze website kan een nieuwe maken'],
])('without a link it is said what became of it: mail %s, %s', async (mail, state, said) => {
  answers({ user: { id: 'usr_9', state }, url: null })
  const { container } = showPage(page, data({}, mail, ...people), at, vi.fn())
  container.querySelector<HTMLInputElement>('#adres')!.value = 'nieuw@gemeente.example'
  container.querySelector<HTMLFormElement>('form:has(#adres)')!.requestSubmit()
  await told(said)
  expect(container.querySelector('.plein-copyable')).toBeNull()
})

test('an address that cannot be is wrong at its field', async () => {
  answers({ user: null, url: null, userErrors: [{ code: 'INVALID', message: 'Dit is geen e-mailadres.', field: ['email'] }] })
  const { container } = showPage(page, data({}, false, ...people), at, vi.fn())
  container.querySelector<HTMLInputElement>('#adres')!.value = 'x@y'
  container.querySelector<HTMLFormElement>('form:has(#adres)')!.requestSubmit()
  await vi.waitFor(() => expect(container.querySelector('#adres-fout')?.textContent).toBe('Dit is geen e-mailadres.'))
  expect(container.querySelector<HTMLInputElement>('#adres')!.value).toBe('x@y')
  await expectAccessible(container)
})

test('another role is given, and somebody is taken out after a warning; the place in the list stays', async () => {
  const go = vi.fn()
  const fetch = answers({ membership: { id: 'mbr_2' }, ok: true })
  const { container } = showPage(page, data({}, false, ...people), `${at}?na=c1`, go)
  const row = rowOf(container, 'Lid 2')
  await userEvent.click(row.querySelector('#mbr_2-COORDINATOR')!)
  row.querySelector('form')!.requestSubmit()
  await told('Lid 2 is nu coördinator.')
  expect(sent(fetch)).toEqual({ id: 'mbr_2', role: 'COORDINATOR' })
  expect(go).toHaveBeenLastCalledWith(`${at}?na=c1`)
  expect(row.textContent).toContain('kan meteen niet meer bij haar werkversies')
  await userEvent.click([...row.querySelectorAll('button')].at(-1)!)
  await told('Lid 2 hoort niet meer bij de organisatie.')
  expect(sent(fetch)).toEqual({ id: 'mbr_2' })
})

test('who did not come yet is invited again, in the same role', async () => {
  const fetch = answers({ user: { id: 'usr_3', state: 'INVITED' }, url: 'https://plein.example/toegang/nieuw' })
  const { container } = showPage(page, data({}, false, ...people), at, vi.fn())
  await userEvent.click(rowOf(container, 'Nog geen naam').querySelector('button.plein-link')!)
  await told('is uitgenodigd')
  expect(sent(fetch)).toEqual({ organization: 'org_1', email: '3@gemeente.example', role: 'MEMBER' })
  expect(container.querySelector('.plein-copyable')!.textContent).toContain('/toegang/nieuw')
})

test('the only administrator cannot leave, and reads why', async () => {
  answers({ ok: false, userErrors: [{ code: 'NOT_ALLOWED', message: 'Dit is de enige beheerder van de organisatie.', field: null }] })
  const { container } = showPage(page, data({}, false, ...people), at, vi.fn())
  const row = rowOf(container, 'Lid 1')
  expect(row.textContent).toContain('Alleen een andere beheerder kan u opnieuw uitnodigen')
  await userEvent.click([...row.querySelectorAll('button')].at(-1)!)
  await vi.waitFor(() => expect(row.querySelector('[role=alert] li')?.textContent).toBe('Dit is de enige beheerder van de organisatie.'))
})

test('in an organisation that is only spoken about everybody is a member', async () => {
  const { container } = showPage(page, data({ custody: 'REFERENCE' }, false), at)
  expect(container.querySelector('main input[type=radio]')).toBeNull()
  expect(container.textContent).toContain('Er zijn nog geen leden')
  expect(container.textContent).toContain('wordt hier alleen gesproken')
  await expectAccessible(container)
})

test('a member who looks after nobody sees who belongs, and nothing to change', () => {
  const { container } = showPage(page, data({ viewerCan: [] }, false, member('2', 'AUTHOR', { email: null, state: null, lastSignInAt: null })), at)
  expect(container.querySelector('main form')).toBeNull()
  expect(container.querySelector('main .plein-tasks')!.textContent).toBe('Lid 2 auteur')
  expect(showPage(page, data({ members: null }), at).view.status).toBe(404)
})
