import { afterEach, expect, test, vi } from 'vitest'
import { viewer } from '../../features/publishing/testdata'
import type { PageShareQuery } from '../../graphql/generated/graphql'
import { expectAccessible, showPage } from '../../testing'
import page from './page'

type Draft = NonNullable<PageShareQuery['draft']>
const data = (over: object = {}): PageShareQuery => ({
  viewer,
  draft: { id: 'prj_1', title: 'Niet-gebruik', viewerCan: ['SHARE', 'INVITE'], publisher: { name: 'UDC Delta' }, embargo: null, guests: [{ id: 'usr_2', displayName: 'C. Gast' }], ...over } as Draft,
  draftShares: [{ id: 'shr_1', note: 'Adviseur', createdAt: '2026-12-01T08:00:00Z', expiresAt: '2026-12-15T08:00:00Z' }],
})
const at = '/publiceren/prj_1/delen'

const answer = (done: object) => vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(JSON.stringify({ data: { done: { userErrors: [], ...done } } })))
const sent = (fetch: ReturnType<typeof answer>) => JSON.parse(String(fetch.mock.calls[0][1]!.body)).variables

afterEach(() => vi.restoreAllMocks())

test('a link is made for two weeks unless it is said otherwise, and its address is shown', async () => {
  const fetch = answer({ share: { expiresAt: '2027-01-12T08:00:00Z' }, url: 'https://plein.example/meelezen/geheim' })
  const { container } = showPage(page, data(), at, vi.fn())
  await expectAccessible(container)
  container.querySelector<HTMLInputElement>('#voor')!.value = 'Deskundige'
  container.querySelector<HTMLFormElement>('form:has(#voor)')!.requestSubmit()
  await vi.waitFor(() => expect(container.querySelector('.plein-copyable')?.textContent).toBe('https://plein.example/meelezen/geheim'))
  expect(sent(fetch).input).toEqual({ record: 'prj_1', note: 'Deskundige', days: 14 })
  expect(container.textContent).toContain('De link is gemaakt en werkt tot 12 januari 2027.')
  await expectAccessible(container)
})

test('a link is ended', async () => {
  const fetch = answer({ ok: true })
  const { container } = showPage(page, data(), at, vi.fn())
  container.querySelector<HTMLButtonElement>('button[aria-label="Beëindig de link voor: Adviseur"]')!.click()
  await vi.waitFor(() => expect(container.textContent).toContain('De link voor “Adviseur” werkt niet meer.'))
  expect(sent(fetch)).toEqual({ id: 'shr_1' })
})

test('a guest is invited and removed', async () => {
  const fetch = answer({ url: null })
  const { container } = showPage(page, data(), at, vi.fn())
  container.querySelector<HTMLInputElement>('#email')!.value = ' collega@cbs.example '
  container.querySelector<HTMLInputElement>('#naam')!.value = 'D. Collega'
  container.querySelector<HTMLFormElement>('form:has(#email)')!.requestSubmit()
  await vi.waitFor(() => expect(container.textContent).toContain('collega@cbs.example is nu gast in dit project.'))
  expect(sent(fetch).input).toEqual({ project: 'prj_1', email: 'collega@cbs.example', name: 'D. Collega' })
  container.querySelector<HTMLButtonElement>('button[aria-label="Verwijder C. Gast als gast"]')!.click()
  await vi.waitFor(() => expect(container.textContent).toContain('C. Gast is geen gast meer.'))
})

test('while the whole project is under embargo it is said that links show nothing', async () => {
  const { container } = showPage(page, data({ embargo: { scope: 'WHOLE_RECORD', state: 'ACTIVE', until: '2027-01-12T08:00:00Z' } }), at)
  expect(container.textContent).toContain('Het hele project staat onder embargo tot 12 januari 2027 om 09:00 uur.')
  await expectAccessible(container)
})

test('who may not share is told who may', () => {
  const { container } = showPage(page, { ...data({ viewerCan: [], guests: null }), draftShares: null }, at)
  expect(container.querySelector('main form')).toBeNull()
  expect(container.textContent).toContain('U kunt dit niet laten meelezen')
})
