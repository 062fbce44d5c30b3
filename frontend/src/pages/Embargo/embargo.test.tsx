import { afterEach, expect, test, vi } from 'vitest'
import type { PageEmbargoQuery } from '../../graphql/generated/graphql'
import { expectAccessible, showPage } from '../../testing'
import page, { type Draft } from './page'

const viewer = { id: 'usr_1', displayName: 'Coördinator', memberships: [] }
const draft: Draft = { __typename: 'Project', id: 'prj_1', title: 'Kamers', revision: 4, publicVersion: 0, viewerCan: ['EMBARGO'], embargo: null } as Draft
const data = (over: Partial<Draft>): PageEmbargoQuery => ({ viewer, draft: { ...draft, ...over } as Draft, grounds: [{ id: 'bekendmaking', label: 'Bekendmaking', isDeprecated: false }] })
const held: Draft['embargo'] = {
  id: 'prj_1.e1',
  scope: 'RESULTS',
  state: 'ACTIVE',
  until: '2027-01-12T08:00:00Z',
  waitsFor: 'Het besluit van de raad',
  reason: 'De raad besluit eerst over het model.',
  ground: { id: 'bekendmaking', label: 'Bekendmaking' },
  history: [{ kind: 'PLACED', at: '2026-12-01T08:00:00Z', until: '2027-01-12T08:00:00Z', reason: 'De raad besluit eerst over het model.' }],
}

afterEach(() => vi.restoreAllMocks())

test('an embargo is placed at a Dutch time', async () => {
  const fetch = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(JSON.stringify({ data: { done: { embargo: { id: 'x' }, userErrors: [] } } })))
  const { container } = showPage(page, data({}), '/publiceren/prj_1/embargo', vi.fn())
  await expectAccessible(container)
  const set = (selector: string, value: string) => {
    const field = container.querySelector<HTMLInputElement>(selector)!
    field.value = value
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }
  container.querySelector<HTMLInputElement>('#RESULTS')!.checked = true
  set('#ground', 'bekendmaking')
  set('#dag', '2027-07-12')
  set('#tijd', '09:00')
  set('#reden', 'De raad besluit eerst over het model.')
  container.querySelector<HTMLFormElement>('form:has(#ground)')!.requestSubmit()
  await vi.waitFor(() => expect(document.activeElement?.textContent).toContain('onder embargo, tot 12 juli 2027 om 09:00 uur'))
  const sent = JSON.parse(String(fetch.mock.calls[0][1]!.body)).variables.input
  expect(sent).toMatchObject({ project: 'prj_1', revision: 4, scope: 'RESULTS', until: '2027-07-12T07:00:00.000Z', waitsFor: null })
})

test('an embargo that holds can be extended or lifted, and what is wrong stands at its field', async () => {
  vi.spyOn(globalThis, 'fetch').mockImplementation(async () =>
    new Response(JSON.stringify({ data: { done: { embargo: null, userErrors: [{ code: 'INVALID', message: 'Kies een moment na het einde van nu.', field: ['input', 'until'] }] } } })),
  )
  const { container } = showPage(page, data({ embargo: held }), '/publiceren/prj_1/embargo', vi.fn())
  expect(container.textContent).toContain('Er geldt een embargo tot 12 januari 2027 om 09:00 uur')
  expect(container.querySelector('#ground')).toBeNull()
  await expectAccessible(container)
  container.querySelector<HTMLInputElement>('#dag')!.value = '2027-01-01'
  container.querySelector<HTMLTextAreaElement>('#verlengreden')!.value = 'Het besluit is later.'
  container.querySelector<HTMLFormElement>('form:has(#verlengreden)')!.requestSubmit()
  await vi.waitFor(() => expect(container.querySelector('#dag-fout')?.textContent).toBe('Kies een moment na het einde van nu.'))
})

test('who may not decide reads what holds', async () => {
  const { container } = showPage(page, data({ embargo: held, viewerCan: [] }), '/publiceren/prj_1/embargo')
  expect(container.querySelector('form:has(textarea)')).toBeNull()
  expect(container.textContent).toContain('Het besluit van de raad')
  await expectAccessible(container)
})
