import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import type { PageTokensQuery } from '../../graphql/generated/graphql'
import { expectAccessible, showPage } from '../../testing'
import page from './page'

const data: PageTokensQuery = {
  viewer: { id: 'usr_1', displayName: 'Beheerder', memberships: [] },
  organization: {
    id: 'org_1',
    name: 'UDC A',
    slug: 'udc-a',
    viewerCan: ['MANAGE_TOKENS'],
    apiTokens: [{ id: 'tok_1', name: 'Export', scopes: ['READ_ORGANISATION'], createdAt: '2027-01-01T10:00:00Z', expiresAt: '2027-04-01T10:00:00Z', lastUsedAt: null }],
  },
}
const answers = (data: unknown) => vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(JSON.stringify({ data })))
const at = '/beheer/udc-a/tokens'

afterEach(() => vi.restoreAllMocks())

test('a token that was made is shown once, with the way to try it, and what was done is said', async () => {
  const fetch = answers({ done: { token: { id: 'tok_2', name: 'Nacht' }, secret: 'plein_geheim', userErrors: [] } })
  const { container } = showPage(page, data, at, vi.fn())
  await expectAccessible(container)
  await userEvent.type(container.querySelector('#naam')!, 'Nacht')
  container.querySelector<HTMLFormElement>('form:has(#naam)')!.requestSubmit()
  await vi.waitFor(() => expect(document.activeElement?.textContent).toContain('“Nacht” is gemaakt'))
  expect(JSON.parse(String(fetch.mock.lastCall![1]!.body)).variables.input).toEqual({ organization: 'org_1', name: 'Nacht', scopes: ['READ_ORGANISATION'], days: 90 })
  expect(container.querySelector('.plein-copyable')!.textContent).toBe('plein_geheim')
  expect(container.querySelector('pre')!.textContent).toContain("'Authorization: Bearer plein_geheim' \\\n")
  await expectAccessible(container)
})

test('a token is taken back, after it is said what that does', async () => {
  const fetch = answers({ done: { ok: true, userErrors: [] } })
  const { container } = showPage(page, data, at, vi.fn())
  expect(container.querySelector('main details')!.textContent).toContain('kan niet ongedaan worden gemaakt')
  await userEvent.click(container.querySelector('main details button')!)
  await vi.waitFor(() => expect(document.activeElement?.textContent).toBe('De sleutel “Export” is ingetrokken.'))
  expect(String(fetch.mock.lastCall![1]!.body)).toContain('"id":"tok_1"')
})

test('what is wrong stands at its field', async () => {
  answers({ done: { token: null, secret: null, userErrors: [{ code: 'INVALID', message: 'Kies 1 tot en met 365 dagen.', field: ['input', 'days'] }] } })
  const { container } = showPage(page, data, at, vi.fn())
  container.querySelector<HTMLInputElement>('#naam')!.value = 'Nacht'
  container.querySelector<HTMLFormElement>('form:has(#naam)')!.requestSubmit()
  await vi.waitFor(() => expect(container.querySelector('#dagen-fout')?.textContent).toBe('Kies 1 tot en met 365 dagen.'))
  expect(container.querySelector('[role=alert] a[href="#dagen"]')).not.toBeNull()
})

test('who may not see tokens sees no page', () => {
  expect(showPage(page, { ...data, organization: { ...data.organization!, apiTokens: null } }, at).view.status).toBe(404)
})
