import { afterEach, expect, test, vi } from 'vitest'
import { aProject, outlook, standing, viewer } from '../../features/publishing/testdata'
import type { PageReviewQuery, WrongFragment } from '../../graphql/generated/graphql'
import { expectAccessible, showPage } from '../../testing'
import page from './page'

type Draft = NonNullable<PageReviewQuery['draft']>
const data = (over: Partial<Draft>): PageReviewQuery => ({
  viewer,
  draft: {
    ...standing,
    ...aProject,
    revision: 4,
    state: 'IN_REVIEW',
    viewerCan: ['REVIEW'],
    history: { nodes: [{ kind: 'SUBMITTED', at: '2027-01-12T13:03:00Z', reason: 'Let op de titel.', actor: { label: 'A. Schrijver' } }] },
    ...over,
  } as Draft,
  publicationPreview: outlook,
})
const at = '/publiceren/prj_1/beoordelen'

/** Answers a decision with what is wrong in it. */
function answer(...userErrors: WrongFragment[]) {
  return vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(JSON.stringify({ data: { done: { record: null, userErrors } } })))
}

const press = (container: Element, value: string) => container.querySelector<HTMLButtonElement>(`button[value=${value}]`)!.click()

afterEach(() => vi.restoreAllMocks())

test('a reviewer reads who submitted it and the whole text, and approves what was read', async () => {
  const fetch = answer()
  const { container } = showPage(page, data({}), at, vi.fn())
  expect(container.textContent).toContain('A. Schrijver diende dit in op 12 januari 2027 om 14:03.')
  expect(container.textContent).toContain('Let op de titel.')
  expect(container.querySelector('.plein-specimen')?.textContent).toContain('Een derde.')
  await expectAccessible(container)
  press(container, 'goed')
  await vi.waitFor(() => expect(document.activeElement?.textContent).toBe('Goedgekeurd en gepubliceerd.'))
  expect(JSON.parse(String(fetch.mock.calls[0][1]!.body)).variables.input).toEqual({ id: 'prj_1', revision: 4, approve: true, note: '' })
})

test('asking for changes without saying which is answered at the field', async () => {
  const fetch = answer({ code: 'REQUIRED', message: 'Schrijf wat er moet veranderen.', field: ['input', 'note'] })
  const { container } = showPage(page, data({}), at, vi.fn())
  press(container, 'anders')
  await vi.waitFor(() => expect(container.querySelector('#opmerking-fout')?.textContent).toBe('Schrijf wat er moet veranderen.'))
  expect(JSON.parse(String(fetch.mock.calls[0][1]!.body)).variables.input.approve).toBe(false)
  await expectAccessible(container)
})

test('what changed meanwhile is shown anew before a decision', async () => {
  answer({ code: 'STALE_REVISION', message: 'Iemand anders wijzigde dit.', field: ['input', 'revision'] })
  const go = vi.fn()
  const { container } = showPage(page, data({}), at, go)
  container.querySelector<HTMLTextAreaElement>('#opmerking')!.value = 'Noem de wijken.'
  press(container, 'goed')
  await vi.waitFor(() => expect(document.activeElement?.textContent).toContain('Iemand anders wijzigde dit intussen'))
  expect(go).toHaveBeenCalledWith(at)
  expect(container.querySelector<HTMLTextAreaElement>('#opmerking')!.value).toBe('Noem de wijken.')
})

test('the last author is told why somebody else reviews', async () => {
  const { container } = showPage(page, data({ viewerCan: ['UPDATE'] }), at)
  expect(container.textContent).toContain('U hebt dit zelf als laatste gewijzigd of ingediend')
  expect(container.querySelector('#opmerking')).toBeNull()
  await expectAccessible(container)
})

test('an author who never reviews is told who does', () => {
  const author = { ...viewer, memberships: [{ ...viewer.memberships[0], role: 'AUTHOR' as const }] }
  const { container } = showPage(page, { ...data({ viewerCan: ['UPDATE'] }), viewer: author }, at)
  expect(container.textContent).toContain('Een coördinator van de organisatie beoordeelt dit')
})
