import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import type { PageAccountQuery } from '../../graphql/generated/graphql'
import { expectAccessible, showPage } from '../../testing'
import account from './page'

const session = (id: string, isCurrent: boolean) => ({ id, isCurrent, createdAt: '2027-01-12T13:03:00Z', lastSeenAt: '2027-07-12T13:03:00Z', expiresAt: '2027-08-12T13:03:00Z' })
const data: PageAccountQuery = {
  viewer: {
    id: 'usr_1',
    displayName: 'Auteur A',
    email: 'a@gemeente.example',
    lastSignInAt: '2027-01-12T13:03:00Z',
    isNodeAdministrator: false,
    isModerator: false,
    memberships: [{ role: 'AUTHOR', organization: { id: 'org_1', slug: 'udc-a', name: 'UDC A' } }],
    guestIn: [{ id: 'prj_1', title: 'Kamers', publisher: { name: 'UDC B' } }],
    sessions: [session('ses_1', true), session('ses_2', false)],
  },
}
const answers = (data: unknown) => vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(JSON.stringify({ data })))

afterEach(() => vi.restoreAllMocks())

test('an account tells what one is, where one is signed in, and how to take one’s data along', async () => {
  const { container } = showPage(account, data, '/mijn/account')
  const main = container.querySelector('main')!
  expect(main.textContent).toContain('UDC A: auteur')
  expect(main.textContent).toContain('Ingelogd op 12 januari 2027 om 14:03')
  expect(main.textContent).toContain('Laatst gebruikt op 12 juli 2027 om 15:03')
  expect(main.querySelector('a[href="/mijn/gegevens.json"]')).not.toBeNull()
  expect(main.querySelectorAll('section[aria-labelledby=sessies] button')).toHaveLength(1) // not this browser
  await expectAccessible(container)
})

test('a name is saved, and what is wrong with it stands at the field', async () => {
  const go = vi.fn()
  const { container } = showPage(account, data, '/mijn/account', go)
  answers({ accountUpdate: { user: null, userErrors: [{ message: 'Deze naam kan niet.' }] } })
  container.querySelector<HTMLFormElement>('form:has(#name)')!.requestSubmit()
  await vi.waitFor(() => expect(container.querySelector('#name-fout')?.textContent).toBe('Deze naam kan niet.'))
  await expectAccessible(container)
  answers({ accountUpdate: { user: { id: 'usr_1' }, userErrors: [] } })
  container.querySelector<HTMLFormElement>('form:has(#name)')!.requestSubmit()
  await vi.waitFor(() => expect(document.activeElement?.textContent).toBe('Uw naam is bewaard.'))
  expect(container.querySelector('#name-fout')).toBeNull()
  expect(go).toHaveBeenCalledOnce()
})

test('another browser is signed out', async () => {
  const fetch = answers({ sessionEnd: { ok: true, userErrors: [] } })
  const { container } = showPage(account, data, '/mijn/account', vi.fn())
  await userEvent.click(container.querySelector('section[aria-labelledby=sessies] button')!)
  await vi.waitFor(() => expect(document.activeElement?.textContent).toBe('Die browser is uitgelogd.'))
  expect(String(fetch.mock.lastCall![1]!.body)).toContain('"id":"ses_2"')
})

test('what the server found wrong stands at the field of the right form', () => {
  const at = (query: string, field: string) => showPage(account, data, '/mijn/account?' + query).container.querySelector(`#${field}-fout`)?.textContent
  expect(at('fout=onjuist', 'present')).toContain('huidige wachtwoord')
  expect(at('fout=wachtwoord&regel=TOO_SHORT', 'next')).toContain('te kort')
  expect(at('deel=wissen&fout=onjuist', 'password')).toContain('huidige wachtwoord')
  expect(showPage(account, data, '/mijn/account?gewijzigd=wachtwoord').container.querySelector('main [role=status]')!.textContent).toContain('veranderd')
})

test('who erases an account reads first what that means', async () => {
  const { container } = showPage(account, data, '/en/mijn/account?deel=wissen')
  const form = container.querySelector<HTMLFormElement>('main form')!
  expect(form.getAttribute('action')).toBe('/en/mijn/wissen')
  expect(form.querySelector<HTMLInputElement>('#confirmation')).toMatchObject({ required: true, value: 'ja' })
  expect(container.querySelector('main')!.textContent).toContain('cannot be undone')
  await expectAccessible(container)
})
