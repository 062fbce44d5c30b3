import { act, fireEvent, screen, waitFor, within } from '@testing-library/preact'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import persisted from '../../graphql/generated/persisted-documents.json'
import { sections } from '../../features/authoring/sections'
import { expectAccessible, showPage } from '../../testing'
import edit from './page'
import { answer, lesson, project, type ProjectDraft } from './testdata'

/** What the browser sends, by the name of the operation, and what it gets: the last answer again when there is no next one. */
type Reply = (input: Record<string, unknown>) => unknown
let sent: { name: string; variables: Record<string, never> }[]
let replies: Record<string, Reply>
let isDown: boolean

const documents = persisted as Record<string, string>

beforeEach(() => {
  sessionStorage.clear()
  sent = []
  replies = {}
  isDown = false
  vi.stubGlobal('fetch', async (_: string, { body }: RequestInit) => {
    if (isDown) throw new TypeError('no network')
    const { variables, extensions } = JSON.parse(String(body))
    const text = documents['sha256:' + extensions.persistedQuery.sha256Hash]
    const name = /(?:query|mutation) (\w+)/.exec(text)![1]
    sent.push({ name, variables })
    return new Response(JSON.stringify({ data: replies[name]?.(variables.input ?? variables) ?? null }))
  })
  vi.stubGlobal('scrollTo', () => {})
})
afterEach(() => void vi.unstubAllGlobals())
vi.setConfig({ testTimeout: 30_000 }) // axe looks at whole pages, on a machine that may be busy

const saved = (record: object) => ({ saved: { record, warnings: [], userErrors: [] } })
const refused = (code: string, message: string, ...field: string[]) => ({ saved: { record: null, warnings: [], userErrors: [{ code, message, field }] } })

const show = (url = '/publiceren/p1', draft: Parameters<typeof answer>[0] = project) => showPage(edit, answer(draft), url)

test('the task list says where each section stands, and the state is nothing to press', async () => {
  const { container } = show()
  const rows = within(screen.getByRole('region', { name: 'Onderdelen' })).getAllByRole('listitem')
  expect(rows.map((row) => row.querySelector('.plein-task')!.textContent)).toEqual(['Nog te doen', 'Klaar', 'Klaar', 'Klaar', 'Klaar', 'Klaar', 'Niet nodig', 'Klaar', 'Klaar', 'Niet nodig', 'Klaar', 'Klaar'])
  expect(rows[0].querySelector('a')!.getAttribute('href')).toBe('/publiceren/p1?deel=vraag')
  expect(rows.every((row) => !row.querySelector('a .plein-task, button'))).toBe(true)
  await expectAccessible(container)
})

test.each(sections)('section %s can be read and operated by everybody', async (section) => {
  for (const prefix of ['', '/en']) {
    const { view, container } = show(`${prefix}/publiceren/p1?deel=${section}`)
    expect(view.hidden).toBe(true)
    expect(container.querySelectorAll('h1')).toHaveLength(1)
    await expectAccessible(container)
  }
})

test('a text is saved when its field is left: only that field, with the revision', async () => {
  replies.ProjectSave = () => saved({ ...project, revision: 4, summaryNl: 'Kort', summaryEn: 'Kort' })
  show('/publiceren/p1?deel=vraag')
  const user = userEvent.setup()
  await user.type(screen.getByLabelText('Samenvatting'), 'Kort')
  await user.tab()
  await waitFor(() => expect(sent).toHaveLength(1))
  expect(sent[0]).toEqual({ name: 'ProjectSave', variables: { input: { id: 'p1', revision: 3, lang: 'NL', summary: 'Kort' } } })
  await screen.findByText(/^Bewaard om \d\d:\d\d$/)
})

test('a text in the other language goes by itself, and a text that is the same is not there', async () => {
  replies.ProjectSave = () => saved({ ...project, revision: 4 })
  show('/publiceren/p1?deel=taal')
  const title = screen.getByLabelText<HTMLInputElement>('Titel (Engels)')
  expect(title.value).toBe('')
  expect(screen.getByLabelText<HTMLTextAreaElement>('De vraag (Engels)').value).toBe('Who does not use the scheme?')
  fireEvent.input(title, { target: { value: 'Who does not use it?' } })
  fireEvent.blur(title)
  await waitFor(() => expect(sent.map((s) => s.variables)).toEqual([{ input: { id: 'p1', revision: 3, lang: 'EN', title: 'Who does not use it?' } }]))
})

test('without a connection the page says so, and a reload has what was typed', async () => {
  isDown = true
  show('/publiceren/p1?deel=vraag')
  const field = screen.getByLabelText('Samenvatting')
  fireEvent.input(field, { target: { value: 'Onderweg' } })
  fireEvent.blur(field)
  await waitFor(() => expect(screen.getAllByText('Niet bewaard. We proberen het opnieuw.')).toHaveLength(2))
  show('/publiceren/p1?deel=vraag')
  expect(screen.getByLabelText<HTMLTextAreaElement>('Samenvatting').value).toBe('Onderweg')
  screen.getByText(/niet bewaard was/)
})

test('what is refused is said beside its field and in a summary with the way to it', async () => {
  replies.ProjectSave = ({ sourceLinks }) => (sourceLinks ? refused('INVALID', 'Schrijf een volledig webadres.', 'sourceLinks') : saved({ ...project, revision: 4 }))
  const { container } = show('/publiceren/p1?deel=vraag')
  const field = screen.getByLabelText('Webadressen met meer informatie')
  fireEvent.input(field, { target: { value: 'geen adres' } })
  fireEvent.blur(field)
  await waitFor(() => expect(field.getAttribute('aria-invalid')).toBe('true'))
  expect(document.getElementById(field.getAttribute('aria-describedby')!.split(' ')[1])!.textContent).toBe('Schrijf een volledig webadres.')
  screen.getByRole('link', { name: 'Webadressen met meer informatie: Schrijf een volledig webadres.' })
  await expectAccessible(container)
})

test('a warning is told calmly and stops nothing', async () => {
  replies.ProjectSave = () => ({ saved: { record: { ...project, revision: 4, summaryNl: 'Mail jan@voorbeeld.example' }, warnings: [{ code: 'PERSONAL_DATA_SUSPECTED', message: 'Hier staat misschien een e-mailadres.', field: ['summary'] }], userErrors: [] } })
  show('/publiceren/p1?deel=vraag')
  const field = screen.getByLabelText('Samenvatting')
  fireEvent.input(field, { target: { value: 'Mail jan@voorbeeld.example' } })
  fireEvent.blur(field)
  await screen.findByText(/misschien een e-mailadres/)
  expect(field.getAttribute('aria-invalid')).toBeNull()
  screen.getByText(/^Bewaard om/)
})

test('a text that two people changed is shown twice, and neither goes before one is chosen', async () => {
  const theirs: ProjectDraft = { ...project, revision: 7, summaryNl: 'Een korte tekst van hen', summaryEn: 'Een korte tekst van hen', answerNl: 'Hun antwoord', answerEn: 'Hun antwoord' }
  replies.ProjectSave = ({ revision, summary }) => (revision === 7 ? saved({ ...theirs, revision: 8, summaryNl: summary, summaryEn: summary }) : refused('STALE_REVISION', 'Gewijzigd.', 'revision'))
  replies.Working = () => ({ viewer: { id: 'u1' }, draft: theirs })
  const { container } = show('/publiceren/p1?deel=vraag')
  const field = screen.getByLabelText('Samenvatting')
  fireEvent.input(field, { target: { value: 'Een korte tekst van mij' } })
  fireEvent.blur(field)
  const both = await screen.findByRole('region', { name: 'Iemand anders wijzigde “Samenvatting” ook' })
  expect([...both.querySelectorAll('ins, del')].map((x) => x.textContent)).toEqual(['alleen bij u: mij;', 'alleen bij de ander: hen;'])
  screen.getByText(/Dat is overgenomen: Het antwoord\.$/) // what they changed elsewhere was taken over, and is told
  await expectAccessible(container)
  const user = userEvent.setup()
  await user.click(within(both).getByRole('button', { name: 'Maak er één tekst van' }))
  await user.type(screen.getByLabelText('De tekst die er moet komen te staan'), ' en hen')
  await user.click(screen.getByRole('button', { name: 'Bewaar deze tekst' }))
  await waitFor(() => expect(sent.at(-1)!.variables).toEqual({ input: { id: 'p1', revision: 7, lang: 'NL', summary: 'Een korte tekst van mij en hen' } }))
  await waitFor(() => expect(screen.getByLabelText<HTMLTextAreaElement>('Samenvatting').value).toBe('Een korte tekst van mij en hen'))
})

test('submitting lists what is missing, with the way to each field, and takes the focus', async () => {
  replies.Submit = () => ({ saved: { record: null, userErrors: [{ code: 'REQUIRED', message: 'Vul dit in.', field: ['summary'] }, { code: 'REQUIRED', message: 'Vul dit in.', field: ['policyDomains'] }] } })
  const { container } = show()
  await userEvent.setup().click(screen.getByRole('button', { name: 'Indienen voor beoordeling' }))
  const link = await screen.findByRole('link', { name: 'Samenvatting: Vul dit in.' })
  expect(link.getAttribute('href')).toBe('/publiceren/p1?deel=vraag&veld=summary')
  expect(screen.getByRole('link', { name: 'Thema’s: Vul dit in.' }).getAttribute('href')).toBe('/publiceren/p1?deel=thema&veld=policyDomains')
  await waitFor(() => expect(document.activeElement!.textContent).toContain('Dit lukt nog niet'))
  await expectAccessible(container)
})

test('what cannot be undone by a click is explained first; throwing away can be taken back', async () => {
  const thrown = { ...project, revision: 4, viewerCan: ['RESTORE'] }
  replies.Discard = () => ({ saved: { record: thrown, userErrors: [] } })
  replies.Restore = () => ({ saved: { record: { ...project, revision: 5 }, userErrors: [] } })
  show()
  const user = userEvent.setup()
  await user.click(screen.getByRole('button', { name: 'Weggooien' }))
  expect(sent).toEqual([])
  screen.getByText(/nog 30 dagen terughalen/)
  await user.click(screen.getByRole('button', { name: 'Gooi weg' }))
  await user.click(await screen.findByRole('button', { name: 'Haal terug' }))
  await screen.findByText('Teruggehaald.')
  expect(sent.map((s) => s.variables)).toEqual([{ input: { id: 'p1', revision: 3 } }, { input: { id: 'p1', revision: 4 } }])
})

test('who may not publish without a second reader is not offered it; who may is told that it is logged', async () => {
  show()
  expect(screen.queryByText(/zonder tweede lezer/)).toBeNull()
  show('/publiceren/p1', { ...project, viewerCan: ['UPDATE', 'PUBLISH'] })
  await userEvent.setup().click(screen.getByRole('button', { name: 'Publiceren zonder tweede lezer' }))
  screen.getByText(/In het logboek komt te staan/)
})

test('the duty to publish is a fact with a day, and nothing that can be switched', () => {
  show('/publiceren/p1?deel=producten')
  screen.getByText('Uiterlijk openbaar op 11 februari 2027')
  screen.getByText(/Gemaakt door CBS: dit wordt altijd openbaar/)
  expect(screen.queryAllByRole('checkbox')).toEqual([])
})

test('an output is added on what was just saved, and what was filled in stays until it is there', async () => {
  replies.OutputAdd = () => refused('INVALID', 'Schrijf een volledig webadres.', 'outputs', 'url')
  show('/publiceren/p1?deel=producten')
  const user = userEvent.setup()
  const form = within(screen.getByRole('group', { name: 'Een product toevoegen' }))
  await user.click(form.getByRole('button', { name: 'Toevoegen' }))
  expect(form.getByLabelText('Soort').getAttribute('aria-invalid')).toBe('true')
  await user.selectOptions(form.getByLabelText('Soort'), 'Rapport')
  await user.type(form.getByLabelText('Titel'), 'Eindrapport')
  await user.type(form.getByLabelText('Webadres'), 'rapport.pdf')
  await user.click(form.getByRole('button', { name: 'Toevoegen' }))
  await form.findByText('Schrijf een volledig webadres.')
  expect(form.getByLabelText<HTMLInputElement>('Titel').value).toBe('Eindrapport')
  replies.OutputAdd = () => saved({ ...project, revision: 4 })
  await user.click(form.getByRole('button', { name: 'Toevoegen' }))
  await form.findByText('Toegevoegd.')
  expect(sent.at(-1)!.variables).toEqual({ input: { project: 'p1', revision: 3, lang: 'NL', kind: 'rapport', title: 'Eindrapport', url: 'rapport.pdf', file: null, deliveredOn: null, producedBy: 'o1' } })
  expect(form.getByLabelText<HTMLInputElement>('Titel').value).toBe('')
})

test('a contact that was taken away can be put back', async () => {
  replies.ProjectSave = ({ contacts }) => saved({ ...project, revision: 4, contacts })
  show('/publiceren/p1?deel=team')
  const user = userEvent.setup()
  await user.click(screen.getByRole('button', { name: 'Verwijderen Team Onderzoek' }))
  await waitFor(() => expect(sent.at(-1)!.variables).toMatchObject({ input: { contacts: [] } }))
  await user.click(screen.getByRole('button', { name: 'Zet terug' }))
  await waitFor(() => expect(sent.at(-1)!.variables).toMatchObject({ input: { contacts: [{ label: 'Team Onderzoek', email: 'onderzoek@voorbeeld.example', isAmbassador: true, willingToPresent: false }] } }))
})

test('a municipality is found by typing and chosen with the keys', async () => {
  replies.FindMunicipalities = () => ({ found: { nodes: [{ id: 'GM0002', name: 'Anderdorp', hint: 'Utrecht' }] } })
  replies.ProjectSave = () => saved({ ...project, revision: 4 })
  const { container } = show('/publiceren/p1?deel=thema')
  const field = screen.getByRole('combobox', { name: 'Gemeenten' })
  const user = userEvent.setup()
  await user.type(field, 'ander')
  await screen.findByRole('option', { name: 'Anderdorp Utrecht' })
  await expectAccessible(container)
  await user.keyboard('{ArrowDown}{Enter}')
  await waitFor(() => expect(sent.at(-1)!.variables).toMatchObject({ input: { municipalities: ['GM0001', 'GM0002'] } }))
  expect(document.activeElement).toBe(field)
})

test('the reviewer’s note stands first where changes were asked, however much was done since', async () => {
  const line = (kind: string, reason: string | null) => ({ kind, at: '2027-01-12T10:00:00.000Z', reason, actor: { label: 'B. Lezer' } })
  replies.ReviewNote = ({ after }) => ({
    viewer: { id: 'u1' },
    draft: { history: after ? { nodes: [line('CHANGES_REQUESTED', 'De samenvatting is te lang.'), line('CHANGES_REQUESTED', 'Ouder')], pageInfo: { hasNextPage: false, endCursor: 'b' } } : { nodes: [line('UPDATED', null)], pageInfo: { hasNextPage: true, endCursor: 'a' } } },
  })
  show('/publiceren/p1', { ...project, state: 'CHANGES_REQUESTED' })
  await screen.findByText('B. Lezer vroeg op 12 januari 2027 om wijzigingen')
  screen.getByText('De samenvatting is te lang.')
})

test('who may only read cannot change anything', () => {
  const { container } = show('/publiceren/p1?deel=vraag', { ...project, viewerCan: [] })
  expect(container.querySelector('fieldset[disabled] textarea')).not.toBeNull()
  expect(screen.queryByRole('button', { name: 'Indienen voor beoordeling' })).toBeNull()
})

test('a lesson is one page, and its steps go with their template', async () => {
  replies.LessonSave = () => saved({ ...lesson, revision: 4 })
  const { container } = show('/publiceren/p1', lesson)
  await expectAccessible(container)
  const user = userEvent.setup()
  await user.click(screen.getByRole('checkbox', { name: 'Analyse' }))
  await waitFor(() => expect(sent.at(-1)!.variables).toEqual({ input: { id: 'p1', revision: 3, lang: 'NL', steps: ['vraag', 'analyse'], template: 't1' } }))
})

test('a working copy that is not there, or is not theirs, is not found', () => {
  const { view } = showPage(edit, { ...answer(project), draft: null }, '/publiceren/weg')
  expect(view.status).toBe(404)
})

test('markup is put around what was selected', async () => {
  show('/publiceren/p1?deel=vraag')
  const field = screen.getByLabelText<HTMLTextAreaElement>('Aanleiding')
  fireEvent.input(field, { target: { value: 'Een lange rij' } })
  field.setSelectionRange(4, 9)
  await act(() => void fireEvent.click(screen.getByRole('button', { name: 'Vet' })))
  expect(field.value).toBe('Een **lange** rij')
  expect([field.selectionStart, field.selectionEnd]).toEqual([6, 11])
})

test('a guest writes what the project delivered, and nothing else', () => {
  const guest = { ...answer(project), viewer: { id: 'u2', displayName: 'C. Gast', memberships: [] } }
  const vraag = showPage(edit, guest, '/publiceren/p1?deel=vraag').container
  expect(vraag.querySelector('fieldset[disabled] textarea')).not.toBeNull()
  const producten = showPage(edit, guest, '/publiceren/p1?deel=producten').container
  expect(producten.querySelector('fieldset[disabled]')).toBeNull()
})

test('a file that is sent becomes that of its output; one that is not taken is said beside the field', async () => {
  const known = globalThis.fetch
  const answers = [new Response(JSON.stringify({ errors: [{ message: 'Dit soort bestand mag niet.' }] }), { status: 415 }), new Response(JSON.stringify({ id: 'fil_1', name: 'factsheet.pdf', warnings: [] }), { status: 201 })]
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => (url === '/files' ? Promise.resolve(answers.shift()) : known(url, init)))
  replies.OutputSave = () => saved({ ...project, revision: 4 })
  replies.FilesOf = () => ({ viewer: { id: 'u1' }, files: { nodes: [] } })
  show('/publiceren/p1?deel=producten')
  const user = userEvent.setup()
  const field = within(screen.getByRole('group', { name: 'Factsheet' })).getByLabelText<HTMLInputElement>('Of stuur een bestand')
  await user.upload(field, new File(['x'], 'factsheet.exe'))
  await screen.findByText('Dit soort bestand mag niet.')
  await user.upload(field, new File(['x'], 'factsheet.pdf'))
  await waitFor(() => expect(sent.find((s) => s.name === 'OutputSave')?.variables).toEqual({ input: { id: 'p1.o1', revision: 3, lang: 'NL', file: 'fil_1' } }))
})

test('a project is based on one of any node, which is found by its words and named by its address', async () => {
  replies.FindExamples = () => ({ found: { edges: [{ node: { id: 'https://zuid.example/id/p9', name: 'Niet-gebruik in Zuid', publisher: { name: 'UDC Zuid' } } }, { node: { id: 'https://noord.example/id/p8', name: 'Niet-gebruik in Noord', publisher: { name: 'UDC Noord' } } }] } })
  replies.ProjectSave = () => saved({ ...project, revision: 4 })
  show('/publiceren/p1?deel=gebaseerd')
  const user = userEvent.setup()
  const form = within(screen.getByRole('group', { name: 'Een project toevoegen' }))
  const choose = async (name: RegExp) => {
    await user.type(form.getByRole('combobox', { name: 'Project' }), 'niet')
    await user.click(await screen.findByRole('option', { name }))
  }
  await choose(/Zuid/)
  await user.click(form.getByRole('button', { name: 'Toevoegen' }))
  form.getByText('Dit project staat er al.')
  await user.click(form.getByRole('button', { name: /Verwijder Niet-gebruik in Zuid/ }))
  await choose(/Noord/)
  await user.selectOptions(form.getByLabelText('Wat nam u over?'), 'Het idee')
  await user.click(form.getByRole('button', { name: 'Toevoegen' }))
  await waitFor(() =>
    expect(sent.at(-1)!.variables).toMatchObject({
      input: {
        basedOn: [
          { subject: 'https://zuid.example/id/p9', kind: 'ADAPTED', whatWeDidDifferently: 'Wij namen ook ouderen mee.' },
          { subject: 'https://noord.example/id/p8', kind: 'INSPIRED', whatWeDidDifferently: null },
        ],
      },
    }),
  )
})
