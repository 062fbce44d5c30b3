import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import type { PageRepeatQuery } from '../../graphql/generated/graphql'
import { expectAccessible, showPage } from '../../testing'
import page from './page'

type Membership = NonNullable<PageRepeatQuery['viewer']>['memberships'][number]
const member = (id: string, writes = true): Membership => ({ role: 'AUTHOR', organization: { id: `org_${id}`, slug: `udc-${id}`, name: `UDC ${id}`, viewerCan: writes ? ['WRITE'] : [] } })
const data = (...memberships: Membership[]): PageRepeatQuery => ({
  viewer: { id: 'usr_1', displayName: 'A. Schrijver', memberships },
  node: { __typename: 'Project', slug: 'kamers', title: 'Kamers', languages: ['NL'], contentLanguage: 'NL', uri: 'https://zuid.example/id/prj_9', publisher: { slug: 'udc-zuid', name: 'UDC Zuid' } },
})
const answers = (done: object) => vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(JSON.stringify({ data: { done: { userErrors: [], ...done } } })))

vi.setConfig({ testTimeout: 30_000 }) // axe looks at whole pages, on a machine that may be busy
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

test('a project of another node is repeated for one of one’s organisations, once however often it is sent', async () => {
  const assign = vi.fn()
  vi.stubGlobal('location', { assign })
  const fetch = answers({ project: { id: 'prj_2' } })
  const { container } = showPage(page, data(member('a'), member('b'), member('c', false)), '/publiceren/prj_1/herhalen')
  expect([...container.querySelectorAll('#organisatie option')].map((o) => o.textContent)).toEqual(['UDC a', 'UDC b'])
  expect(container.textContent).toContain('Dit nemen we over in uw werkversie')
  await expectAccessible(container)
  await userEvent.selectOptions(container.querySelector('#organisatie')!, 'org_b')
  await userEvent.click(container.querySelectorAll('input[name=soort]')[3])
  container.querySelector<HTMLFormElement>('form.plein-form')!.requestSubmit()
  await vi.waitFor(() => expect(assign).toHaveBeenCalledWith('/publiceren/prj_2'))
  container.querySelector<HTMLFormElement>('form.plein-form')!.requestSubmit()
  await vi.waitFor(() => expect(fetch).toHaveBeenCalledTimes(2))
  const [first, second] = fetch.mock.calls.map(([, options]) => JSON.parse(String(options!.body)).variables.input)
  expect(first).toMatchObject({ subject: 'https://zuid.example/id/prj_9', organization: 'org_b', kind: 'EXTENDED' })
  expect(second.idempotencyKey).toBe(first.idempotencyKey)
})

test('who writes for one organisation need not choose, and is told what is wrong', async () => {
  answers({ project: null, userErrors: [{ code: 'NOT_FOUND', message: 'Dit project is ingetrokken.', field: ['subject'] }] })
  const { container } = showPage(page, data(member('a')), '/en/publiceren/prj_1/herhalen')
  expect(container.querySelector('#organisatie')).toBeNull()
  expect(container.textContent).toContain('You write for UDC a.')
  container.querySelector<HTMLFormElement>('form.plein-form')!.requestSubmit()
  await vi.waitFor(() => expect(document.activeElement?.textContent).toContain('Dit project is ingetrokken.'))
  await expectAccessible(container)
})

test('who writes nowhere is told whom to ask', async () => {
  const { container } = showPage(page, data(member('a', false)), '/publiceren/prj_1/herhalen')
  expect(container.querySelector('form.plein-form')).toBeNull()
  expect(container.querySelector('main')!.textContent).toContain('de rol Auteur')
  await expectAccessible(container)
})

test('what is no project cannot be repeated', () => {
  expect(showPage(page, { ...data(member('a')), node: null }, '/publiceren/les_1/herhalen').view.status).toBe(404)
})
