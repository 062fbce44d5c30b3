import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import type { PageReusesQuery, RepetitionFragment } from '../../graphql/generated/graphql'
import { expectAccessible, showPage } from '../../testing'
import page from './page'

const named = (slug: string) => ({ __typename: 'Project' as const, slug, title: `Project ${slug}`, languages: ['NL' as const], contentLanguage: 'NL' as const, publisher: { slug: 'udc-zuid', name: 'UDC Zuid' } })
const reuse = (slug: string): RepetitionFragment => ({ id: `prj_${slug}.b1`, kind: 'ADAPTED', whatWeDidDifferently: '<p>Ook de jongen.</p>', from: named(slug) })
const data = (shown: RepetitionFragment[], hidden: RepetitionFragment[] | null, gone: { id: string; uri: string }[] = []): PageReusesQuery => ({
  viewer: { id: 'usr_1', displayName: 'A. Lezer', memberships: [] },
  node: { ...named('eigen'), reusedBy: { totalCount: shown.length, nodes: shown, pageInfo: { hasNextPage: false, endCursor: null } }, hiddenReuses: hidden, hiddenGone: hidden && gone },
})
const answers = (done: object) => vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(JSON.stringify({ data: { done: { userErrors: [], ...done } } })))
const variables = (fetch: ReturnType<typeof answers>) => JSON.parse(String(fetch.mock.lastCall![1]!.body)).variables
const told = (text: string) => vi.waitFor(() => expect(document.activeElement?.textContent).toContain(text))

vi.setConfig({ testTimeout: 30_000 }) // axe looks at whole pages, on a machine that may be busy
afterEach(() => vi.restoreAllMocks())

test('a reuse is left out with a reason, and shown again', async () => {
  const fetch = answers({ project: { id: 'prj_1' } })
  const { container } = showPage(page, data([reuse('een')], [reuse('twee')]), '/publiceren/prj_1/herhaald', vi.fn())
  expect(container.textContent).toContain('Ook de jongen.')
  await expectAccessible(container)
  const reason = container.querySelector<HTMLTextAreaElement>('textarea')!
  expect(reason.required).toBe(true)
  await userEvent.type(reason, 'Dit gaat over iets anders.')
  reason.form!.requestSubmit()
  await told('“Project een” staat niet meer bij uw project.')
  expect(variables(fetch)).toEqual({ input: { id: 'prj_een.b1', isHidden: true, reason: 'Dit gaat over iets anders.' } })
  await userEvent.click([...container.querySelectorAll('main button')].find((b) => b.textContent === 'Weer tonen: Project twee')!)
  await told('“Project twee” staat weer bij uw project.')
  expect(variables(fetch)).toEqual({ input: { id: 'prj_twee.b1', isHidden: false } })
})

test('what is left out and gone is listed, and shown again', async () => {
  const fetch = answers({ project: { id: 'prj_1' } })
  const { container } = showPage(page, data([], [], [{ id: 'prj_1.prj_9', uri: 'https://plein.example.nl/id/prj_9' }]), '/publiceren/prj_1/herhaald', vi.fn())
  expect(container.textContent).toContain('Eén project laat u weg')
  expect(container.textContent).toContain('Komt het terug, dan laat u het nog steeds weg.')
  await expectAccessible(container)
  await userEvent.click([...container.querySelectorAll('main button')].find((b) => b.textContent === 'Weer tonen: https://plein.example.nl/id/prj_9')!)
  await told('“https://plein.example.nl/id/prj_9” staat weer bij uw project.')
  expect(variables(fetch)).toEqual({ input: { id: 'prj_1.prj_9', isHidden: false } })
})

test('a project that nobody repeated says when there will be something here', async () => {
  const { container } = showPage(page, data([], []), '/en/publiceren/prj_1/herhaald')
  expect(container.querySelector('main')!.textContent).toContain('As soon as somebody repeats this project')
  await expectAccessible(container)
})

test('whoever does not decide about the project sees no page', () => {
  expect(showPage(page, data([reuse('een')], null), '/publiceren/prj_1/herhaald').view.status).toBe(404)
})
