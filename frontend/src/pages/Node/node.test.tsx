import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import type { AccountFragment, PageNodeQuery } from '../../graphql/generated/graphql'
import { match } from '../../routes'
import { expectAccessible, showPage } from '../../testing'
import page from './page'

const account = (id: string, rest: Partial<AccountFragment> = {}): AccountFragment => ({
  id: `usr_${id}`,
  displayName: `Mens ${id}`,
  email: `${id}@gemeente.example`,
  state: 'ACTIVE',
  lastSignInAt: null,
  isNodeAdministrator: false,
  isModerator: false,
  memberships: [],
  ...rest,
})
const end = { hasNextPage: false, endCursor: null }
const data = (rest: Partial<PageNodeQuery>, isNodeAdministrator = true): PageNodeQuery => ({ viewer: { id: 'usr_1', displayName: 'Beheerder', isNodeAdministrator, memberships: [] }, service: { isDemo: false, signIn: { mail: false } }, ...rest })
const accounts = (...nodes: AccountFragment[]) => data({ users: { totalCount: nodes.length, nodes, pageInfo: end } })
const answers = (done: object) => vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(JSON.stringify({ data: { done: { userErrors: [], ...done } } })))
const variables = (fetch: ReturnType<typeof answers>) => JSON.parse(String(fetch.mock.lastCall![1]!.body)).variables
const button = (container: Element, label: string) => [...container.querySelectorAll('main button')].find((b) => b.textContent!.trim() === label)!
const told = (text: string) => vi.waitFor(() => expect(document.activeElement?.textContent).toContain(text))

afterEach(() => vi.restoreAllMocks())

test('one part is asked for at a time', () => {
  const asked = (url: string) => page.variables!(match(url))
  expect(asked('/beheer/node?begin=%20jan%20')).toMatchObject({ accounts: true, organizations: false, log: false, prefix: 'jan', after: null })
  expect(asked('/beheer/node?deel=organisaties&na=c1')).toMatchObject({ accounts: false, organizations: true, log: false, after: 'c1' })
  expect(asked('/beheer/node?deel=logboek&soort=ACCOUNT')).toMatchObject({ accounts: false, log: true, kinds: ['ACCOUNT'] })
})

test('accounts stand there with state, roles and organisations, and one’s own leads to where one changes it', async () => {
  const { container } = showPage(page, accounts(account('1', { isNodeAdministrator: true }), account('2', { state: 'DISABLED', memberships: [{ id: 'mbr_1', role: 'AUTHOR', organization: { name: 'UDC A', slug: 'udc-a' } }] })), '/beheer/node?begin=m')
  const rows = [...container.querySelectorAll('main .plein-tasks > li')]
  expect(rows[0].textContent).toContain('Beheerder')
  expect(rows[0].querySelector('a[href="/mijn/account"]')).not.toBeNull()
  expect(rows[0].querySelector('details')).toBeNull()
  expect(rows[1].textContent).toContain('Uitgezet')
  expect(rows[1].querySelector('a[href="/beheer/udc-a/leden"]')!.textContent).toBe('UDC A (auteur)')
  expect(rows[1].textContent).not.toContain('Maak een link') // who is kept out gets none
  expect(container.querySelector<HTMLInputElement>('#begin')!.value).toBe('m')
  await expectAccessible(container)
})

test('somebody is kept out, gets roles, and gets a link that is shown once', async () => {
  const fetch = answers({ user: { id: 'usr_2' } })
  const { container } = showPage(page, accounts(account('2')), '/beheer/node', vi.fn())
  await userEvent.click(button(container, 'Toegang stoppen'))
  await told('Mens 2 kan niet meer inloggen.')
  expect(variables(fetch)).toEqual({ input: { id: 'usr_2', disabled: true } })
  await userEvent.click(container.querySelector('#usr_2-moderator')!)
  container.querySelector<HTMLFormElement>('form:has(#usr_2-moderator)')!.requestSubmit()
  await told('De rollen van Mens 2 zijn bewaard.')
  expect(variables(fetch)).toEqual({ input: { id: 'usr_2', nodeAdministrator: false, moderator: true } })
  vi.restoreAllMocks()
  answers({ url: 'https://plein.example/toegang/geheim' })
  await userEvent.click(button(container, 'Maak een link'))
  await told('Geef hem hieronder door')
  expect(container.querySelector('.plein-copyable')!.textContent).toBe('https://plein.example/toegang/geheim')
  await expectAccessible(container)
})

test('an account is erased after a warning, with its address typed once more', async () => {
  const fetch = answers({ ok: false, userErrors: [{ code: 'INVALID', message: 'Dit is niet het adres van dit account.', field: ['email'] }] })
  const { container } = showPage(page, accounts(account('2')), '/beheer/node', vi.fn())
  expect(container.textContent).toContain('Dit kunt u niet terugdraaien')
  await userEvent.type(container.querySelector('#usr_2-adres')!, 'ander@gemeente.example')
  container.querySelector<HTMLFormElement>('form:has(#usr_2-adres)')!.requestSubmit()
  await vi.waitFor(() => expect(container.querySelector('#usr_2-adres-fout')?.textContent).toBe('Dit is niet het adres van dit account.'))
  expect(variables(fetch)).toEqual({ input: { id: 'usr_2', email: 'ander@gemeente.example' } })
  await expectAccessible(container)
})

const organizations = data({ organizations: { totalCount: 1, nodes: [{ id: 'org_1', name: 'UDC A', slug: 'udc-a', kind: 'MUNICIPAL_UDC' }], pageInfo: end } })

test('an organisation is made with a short name that follows from its name, and its first administrator is invited next', async () => {
  const fetch = answers({ organization: { id: 'org_2', name: 'UDC ’s-Één', slug: 'udc-s-een' } })
  const { container } = showPage(page, organizations, '/beheer/node?deel=organisaties', vi.fn())
  expect(container.querySelector('main a[href="/beheer/udc-a/leden"]')!.textContent).toBe('Leden: UDC A')
  await userEvent.type(container.querySelector('#naam')!, 'UDC ’s-Één')
  expect(container.querySelector<HTMLInputElement>('#kort')!.value).toBe('udc-s-een')
  container.querySelector<HTMLFormElement>('form:has(#naam)')!.requestSubmit()
  await told('Nodig nu de eerste beheerder uit')
  expect(variables(fetch)).toEqual({ input: { name: 'UDC ’s-Één', slug: 'udc-s-een', kind: 'MUNICIPAL_UDC', municipalities: [] } })
  expect(container.querySelector('main a[href="/beheer/udc-s-een/leden"]')).not.toBeNull()
  await expectAccessible(container)
})

test('an address in TOOI goes along, and what is wrong with it is said at it', async () => {
  const fetch = answers({ organization: null, userErrors: [{ code: 'INVALID', field: ['input', 'tooiIri'], message: 'Een TOOI-adres begint anders.' }] })
  const { container } = showPage(page, organizations, '/beheer/node?deel=organisaties', vi.fn())
  await userEvent.type(container.querySelector('#naam')!, 'UDC B')
  await userEvent.type(container.querySelector('#tooi')!, ' https://example.nl/gm0014')
  container.querySelector<HTMLFormElement>('form:has(#naam)')!.requestSubmit()
  await vi.waitFor(() => expect(container.querySelector('#tooi-fout')!.textContent).toContain('Een TOOI-adres begint anders.'))
  expect(variables(fetch)).toEqual({ input: { name: 'UDC B', slug: 'udc-b', kind: 'MUNICIPAL_UDC', municipalities: [], tooiIri: 'https://example.nl/gm0014' } })
  await expectAccessible(container)
})

test('nothing is made in the demo', () => {
  const { container } = showPage(page, { ...organizations, service: { isDemo: true, signIn: { mail: false } } }, '/beheer/node?deel=organisaties')
  expect(container.querySelector('#naam')).toBeNull()
  expect(container.textContent).toContain('Daarin is alles verzonnen')
})

test('the log of the node is a part of the page, also when kinds are chosen', async () => {
  const log = data({ auditLog: { nodes: [], pageInfo: { hasNextPage: false, hasPreviousPage: true, endCursor: null } } })
  const { container } = showPage(page, log, '/beheer/node?deel=logboek&soort=ACCOUNT&na=c1')
  expect(container.querySelector<HTMLInputElement>('main form input[name=deel]')!.value).toBe('logboek')
  expect([...container.querySelectorAll('main a')].map((a) => a.getAttribute('href'))).toContain('/beheer/node?soort=ACCOUNT&deel=logboek')
  expect(container.querySelector('[aria-current=page]')!.textContent).toBe('Logboek')
  await expectAccessible(container)
})

test('whoever does not look after the node sees no page', () => {
  expect(showPage(page, data({ users: null }, false), '/beheer/node').view.status).toBe(404)
})
