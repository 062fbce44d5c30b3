import { afterEach, expect, test, vi } from 'vitest'
import type { PageWithdrawQuery } from '../../graphql/generated/graphql'
import { expectAccessible, showPage } from '../../testing'
import page from './page'

type Draft = NonNullable<PageWithdrawQuery['draft']>
const data = (over: Partial<Draft>): PageWithdrawQuery => ({
  viewer: { id: 'usr_1', displayName: 'Coördinator', memberships: [] },
  draft: { id: 'prj_1', title: 'Kamers', state: 'PUBLISHED', revision: 4, viewerCan: ['ARCHIVE', 'WITHDRAW'], ...over } as Draft,
})

afterEach(() => vi.restoreAllMocks())

test('what must become public is not withdrawn, and it is said why', async () => {
  vi.spyOn(globalThis, 'fetch').mockImplementation(async () =>
    new Response(JSON.stringify({ data: { done: { record: null, userErrors: [{ code: 'ILLEGAL_TRANSITION', message: '“Factsheet” moet openbaar worden.', field: null }] } } })),
  )
  const { container } = showPage(page, data({}), '/publiceren/prj_1/intrekken', vi.fn())
  await expectAccessible(container)
  container.querySelector<HTMLTextAreaElement>('#reden')!.value = 'Dubbel'
  container.querySelector<HTMLInputElement>('#zeker')!.checked = true
  container.querySelector<HTMLFormElement>('form:has(#reden)')!.requestSubmit()
  await vi.waitFor(() => expect(container.querySelector('[role=alert] li')?.textContent).toBe('“Factsheet” moet openbaar worden.'))
})

test('who may not is told who can', async () => {
  const { container } = showPage(page, data({ viewerCan: [] }), '/publiceren/prj_1/intrekken')
  expect(container.querySelector('main form:has(textarea)')).toBeNull()
  expect(container.textContent).toContain('Dat kan een coördinator')
  await expectAccessible(container)
})
