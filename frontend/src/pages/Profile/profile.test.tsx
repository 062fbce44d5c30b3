import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import type { PageProfileQuery } from '../../graphql/generated/graphql'
import { expectAccessible, showPage } from '../../testing'
import page from './page'

type Profile = NonNullable<PageProfileQuery['organization']>
const profile = (over: Partial<Profile> = {}): Profile => ({
  id: 'org_1',
  name: 'UDC A',
  slug: 'udc-a',
  revision: 4,
  viewerCan: ['UPDATE'],
  municipalities: [{ code: 'GM0001', name: 'Voorbeeld' }],
  activeSince: '2019',
  activeUntil: null,
  approachNl: 'Wij werken met vaste teams.',
  approachEn: 'Wij werken met vaste teams.',
  researcherCount: 3,
  cbsColleagueCount: null,
  cbsDaysPerWeek: 2.5,
  hasResearchDepartment: null,
  wipLimit: null,
  contactEmail: null,
  sourceLinks: ['https://een.example'],
  ...over,
})
const data = (over?: Partial<Profile>): PageProfileQuery => ({ viewer: { id: 'usr_1', displayName: 'Beheerder', memberships: [] }, organization: profile(over) })
const at = '/beheer/udc-a/profiel'

/** Answers with these, one after the other, and remembers what was sent. */
function answers(...all: object[]) {
  const sent: { variables: { input?: Record<string, unknown> } }[] = []
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (_, init) => {
    sent.push(JSON.parse(String(init!.body)))
    return new Response(JSON.stringify({ data: all.shift() }))
  })
  return sent
}
const saved = (over: Partial<Profile>) => ({ done: { organization: profile(over), userErrors: [] } })
const stale = { done: { organization: null, userErrors: [{ code: 'STALE_REVISION', message: 'Intussen gewijzigd.', field: null }] } }

async function type(container: Element, key: string, text: string) {
  const field = container.querySelector<HTMLInputElement>(`#profiel-${key}`)!
  await userEvent.clear(field)
  if (text) await userEvent.type(field, text)
}
const submit = (container: Element) => container.querySelector<HTMLFormElement>('main form')!.requestSubmit()

afterEach(() => vi.restoreAllMocks())

test('only what was changed is saved, the English text by itself on the revision that came of the rest', async () => {
  const sent = answers(saved({ revision: 5 }), saved({ revision: 6, approachEn: 'Teams.' }))
  const { container } = showPage(page, data(), at)
  await expectAccessible(container)
  expect(container.querySelector<HTMLTextAreaElement>('#profiel-approachEn')!.value).toBe('') // there is none of its own
  await type(container, 'cbsDaysPerWeek', '1,5')
  await type(container, 'activeSince', '')
  await type(container, 'approachEn', 'Teams.')
  await userEvent.selectOptions(container.querySelector('#profiel-hasResearchDepartment')!, 'nee')
  expect(container.textContent).toContain('U hebt wijzigingen die nog niet bewaard zijn.')
  submit(container)
  await vi.waitFor(() => expect(document.activeElement?.textContent).toContain('Het profiel is bewaard'))
  expect(sent.map((s) => s.variables.input)).toEqual([
    { id: 'org_1', revision: 4, lang: 'NL', cbsDaysPerWeek: 1.5, activeSince: null, hasResearchDepartment: false },
    { id: 'org_1', revision: 5, lang: 'EN', approach: 'Teams.' },
  ])
  expect(container.textContent).not.toContain('nog niet bewaard')
})

test('municipalities are taken away, and nothing is sent where nothing changed', async () => {
  const sent = answers(saved({ municipalities: [] }))
  const { container } = showPage(page, data(), at)
  submit(container)
  await vi.waitFor(() => expect(document.activeElement?.textContent).toBe('Er is niets gewijzigd.'))
  await userEvent.click(container.querySelector('.plein-picked button')!)
  submit(container)
  await vi.waitFor(() => expect(sent).toHaveLength(1))
  expect(sent[0].variables.input).toEqual({ id: 'org_1', revision: 4, lang: 'NL', municipalities: [] })
})

test('what is no number is not sent, and what the server refuses stands at its field', async () => {
  const sent = answers({ done: { organization: null, userErrors: [{ code: 'INVALID', message: 'Dit is geen e-mailadres.', field: ['input', 'contactEmail'] }] } })
  const { container } = showPage(page, data(), at)
  await type(container, 'researcherCount', 'veel')
  submit(container)
  await vi.waitFor(() => expect(container.querySelector('#profiel-researcherCount-fout')?.textContent).toBe('Vul hier een getal in, of niets.'))
  expect(sent).toEqual([])
  await type(container, 'researcherCount', '3')
  await type(container, 'contactEmail', 'fout')
  submit(container)
  await vi.waitFor(() => expect(container.querySelector('#profiel-contactEmail-fout')?.textContent).toBe('Dit is geen e-mailadres.'))
  expect(container.querySelector('[role=alert] a')!.getAttribute('href')).toBe('#profiel-contactEmail')
  await expectAccessible(container)
})

test('when somebody else was first both texts are shown, what goes together is taken over, and nothing is saved before a choice', async () => {
  const theirs = profile({ revision: 9, approachNl: 'Wij werken met losse teams.', approachEn: 'Wij werken met losse teams.', wipLimit: 4, sourceLinks: ['https://een.example', 'https://zij.example'] })
  const sent = answers(stale, { viewer: { id: 'usr_1' }, organization: theirs }, saved({ revision: 10 }))
  const { container } = showPage(page, data(), at)
  await type(container, 'approach', 'Wij werken met kleine teams.')
  await userEvent.type(container.querySelector('#profiel-sourceLinks')!, '\nhttps://wij.example')
  submit(container)
  await vi.waitFor(() => expect(document.activeElement?.textContent).toContain('Iemand anders wijzigde dit profiel ook'))
  expect(container.querySelector<HTMLInputElement>('#profiel-wipLimit')!.value).toBe('4')
  expect(container.querySelector<HTMLTextAreaElement>('#profiel-sourceLinks')!.value).toBe('https://een.example\nhttps://zij.example\nhttps://wij.example')
  const conflict = container.querySelector('#profiel-approach')!
  expect(conflict.querySelector('ins')!.textContent).toContain('kleine')
  expect(conflict.querySelector('del')!.textContent).toContain('losse')
  await expectAccessible(container)
  submit(container) // nothing before a choice
  expect(sent).toHaveLength(2)
  expect(document.activeElement).toBe(conflict)
  await userEvent.click(conflict.querySelector('button')!)
  submit(container)
  await vi.waitFor(() => expect(sent).toHaveLength(3))
  expect(sent[2].variables.input).toEqual({ id: 'org_1', revision: 9, lang: 'NL', approach: 'Wij werken met kleine teams.', sourceLinks: ['https://een.example', 'https://zij.example', 'https://wij.example'] })
})

test('whoever may not change the profile sees no page', () => {
  expect(showPage(page, data({ viewerCan: ['WRITE'] }), at).view.status).toBe(404)
})
