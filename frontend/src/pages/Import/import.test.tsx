import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import type { PageImportQuery } from '../../graphql/generated/graphql'
import { expectAccessible, showPage } from '../../testing'
import page from './page'
import type { Import, Preview, Result, Row } from './sheets'

const data: PageImportQuery = { viewer: { id: 'usr_1', displayName: 'Auteur', memberships: [] }, organization: { id: 'org_1', name: 'UDC A', viewerCan: ['WRITE'] } }
const at = '/beheer/udc-a/importeren'
const one: Import = { id: 'imp_1', fileName: 'lijst.csv', state: 'UPLOADED', createdAt: '2027-01-12T13:03:00Z', rows: 120, progress: { done: 0, total: 120 }, removed: 0 }
const result = (over: Partial<Result>): Result => ({ ...one, made: [], skipped: [], ...over })
const row = (n: number, over: Partial<Row> = {}): Row => ({ row: n, kind: 'PROJECT', state: 'NEW', willBeSkipped: false, title: `Onderzoek ${n}`, summary: '', problems: [], duplicate: null, ...over })
const plan: Preview = {
  ...one,
  columns: [
    { key: 'A', name: 'Projectnaam', sample: ['Onderzoek 1', 'Onderzoek 2'], field: 'title', confidence: 0.9 },
    { key: 'B', name: 'Korte titel', sample: ['Een'], field: null, confidence: 0 },
    { key: 'C', name: 'Gemeente e.a.', sample: [], field: 'municipalities', confidence: 0.5 },
  ],
  fields: [
    { name: 'title', label: 'titel', many: false },
    { name: 'municipalities', label: 'gemeenten', many: true },
  ],
  settings: { mapping: { A: 'title', C: 'municipalities' }, kind: 'PROJECT', language: 'nl', skipProblems: false, includeDuplicates: false },
  counts: { new: 118, problem: 1, duplicate: 1 },
  preview: [
    row(2),
    row(3, { state: 'PROBLEM', problems: [{ column: 'C', heading: 'Gemeente e.a.', message: 'Er is geen gemeente “Nergens”.', blocking: false, warning: false }] }),
    row(4, { state: 'DUPLICATE', willBeSkipped: true, duplicate: { id: 'prj_9', message: 'Dit is er al.' } }),
  ],
}

/** Answers by what is asked: a path after /imports, and what comes back; a list comes back one by one. */
function server(answers: Record<string, unknown>) {
  const asked: { path: string; body: Record<string, unknown> }[] = []
  const next = (path: string) => {
    const answer = answers[path]
    return Array.isArray(answer) ? (answer.length > 1 ? answer.shift() : answer[0]) : answer
  }
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
    const path = String(url).replace('/imports', '')
    asked.push({ path, body: typeof init?.body === 'string' ? JSON.parse(init.body) : {} })
    const answer = await next(path)
    return answer instanceof Response ? answer.clone() : new Response(JSON.stringify(answer))
  })
  return asked
}
const list = '?organization=org_1'
const refused = (message: string, status = 400) => new Response(JSON.stringify({ errors: [{ message, extensions: { code: 'BAD_USER_INPUT' } }] }), { status })
const button = (container: Element, label: string) => [...container.querySelectorAll('main button')].find((b) => b.textContent!.trim() === label)! as HTMLButtonElement
const shown = (container: Element, text: string) => vi.waitFor(() => expect(container.querySelector('main')!.textContent).toContain(text), { timeout: 3_000 })

afterEach(() => vi.restoreAllMocks())

test('who imports for the first time reads how it works; later that is folded', async () => {
  server({ [list]: { imports: [] } })
  const { container } = showPage(page, data, '/en' + at)
  await shown(container, 'Nothing was imported yet.')
  expect(container.querySelector('details')!.open).toBe(true)
  expect(container.querySelector('a[href="/en/imports/sjabloon.xlsx"]')).not.toBeNull()
  await expectAccessible(container)
  vi.restoreAllMocks()
  server({ [list]: { imports: [{ ...one, state: 'DONE' }] } })
  const later = showPage(page, data, at).container
  await shown(later, 'lijst.csv')
  expect(later.querySelector('details')!.open).toBe(false)
  expect(later.querySelector('main .plein-tasks a')!.getAttribute('href')).toBe(`${at}?import=imp_1`)
  await expectAccessible(later)
})

test('a sheet is sent, and what is in it is the next thing to see', async () => {
  const go = vi.fn()
  server({ [list]: { imports: [] }, '': plan })
  const { container } = showPage(page, data, at, go)
  button(container, 'Bekijk wat erin staat').click()
  await vi.waitFor(() => expect(container.querySelector('#bestand-fout')?.textContent).toBe('Kies eerst een bestand.'))
  await userEvent.upload(container.querySelector<HTMLInputElement>('#bestand')!, new File(['naam'], 'lijst.csv', { type: 'text/csv' }))
  button(container, 'Bekijk wat erin staat').click()
  await vi.waitFor(() => expect(go).toHaveBeenCalledWith(`${at}?import=imp_1`))
})

test('a file that cannot be read is said at the field, and one that is too large is not sent', async () => {
  const asked = server({ [list]: { imports: [] }, '': refused('Dit bestand is niet te lezen.') })
  const { container } = showPage(page, data, at, vi.fn())
  const field = container.querySelector<HTMLInputElement>('#bestand')!
  await userEvent.upload(field, new File(['x'], 'fout.csv', { type: 'text/csv' }))
  button(container, 'Bekijk wat erin staat').click()
  await vi.waitFor(() => expect(container.querySelector('#bestand-fout')?.textContent).toBe('Dit bestand is niet te lezen.'))
  await expectAccessible(container)
  const large = new File(['x'], 'groot.csv', { type: 'text/csv' })
  Object.defineProperty(large, 'size', { value: 6 * 1024 * 1024 })
  await userEvent.upload(field, large)
  button(container, 'Bekijk wat erin staat').click()
  await vi.waitFor(() => expect(container.querySelector('#bestand-fout')?.textContent).toContain('groter dan 5 MB'))
  expect(asked.filter(({ path }) => path === '')).toHaveLength(1)
})

test('guesses are marked, problems stand at their row, and a field for one column moves along', async () => {
  const asked = server({ '/imp_1': result({}), '/imp_1/preview': plan })
  const { container } = showPage(page, data, `${at}?import=imp_1`)
  await shown(container, 'Wat staat er in elke kolom?')
  const columns = () => [...container.querySelectorAll('.plein-mapping > li')]
  expect(columns().map((li) => li.querySelector('.nl-data-badge')!.textContent)).toEqual(['Herkend', 'Niet herkend', 'Controleer dit'])
  expect(columns()[0].textContent).toContain('Bijvoorbeeld: Onderzoek 1 | Onderzoek 2')
  const rows = [...container.querySelectorAll('section[aria-labelledby=rijen] .plein-tasks > li')]
  expect(rows[1].textContent).toContain('Kolom C, Gemeente e.a.: Er is geen gemeente “Nergens”.')
  expect(rows[2].textContent).toContain('Komt er niet in')
  expect(rows[2].querySelector('a[href="/publiceren/prj_9"]')).not.toBeNull()
  expect(container.textContent).toContain('118 rijen zijn in orde, 1 heeft een probleem en 1 is dubbel.')
  await expectAccessible(container)
  await userEvent.selectOptions(container.querySelector('#kolom-B')!, 'title')
  await shown(container, '“Projectnaam” wordt nu niet meer overgenomen')
  expect(columns()[1].querySelector('.nl-data-badge')!.textContent).toBe('Door u gekozen')
  await vi.waitFor(() => expect(asked.at(-1)!.body.mapping).toEqual({ B: 'title', C: 'municipalities' }))
})

test('rows are shown a stretch at a time, and what is wrong can be skipped', async () => {
  const asked = server({ '/imp_1': result({}), '/imp_1/preview': [plan, { ...plan, preview: [row(52)] }] })
  const { container } = showPage(page, data, `${at}?import=imp_1`)
  await shown(container, 'Rijen 1 tot en met 50 van 120')
  button(container, 'Volgende rijen').click()
  await shown(container, 'Onderzoek 52')
  expect(asked.at(-1)!.body).toMatchObject({ from: 50, count: 50 })
  await vi.waitFor(() => expect(document.activeElement?.id).toBe('rijen'))
  await userEvent.click(container.querySelector('#problemen')!)
  await vi.waitFor(() => expect(asked.at(-1)!.body).toMatchObject({ from: 0, skipProblems: true }))
})

test('an import that runs tells how far it is, and then what it made and what it skipped', async () => {
  const done = result({ state: 'DONE', ranAt: '2027-01-12T13:04:00Z', made: [{ row: 2, id: 'prj_1', title: 'Onderzoek 2' }], skipped: [{ row: 4, why: 'Dit is er al.' }] })
  let finish = (_: Result) => {}
  const running = new Promise<Result>((resolve) => (finish = resolve))
  const asked = server({ '/imp_1': [result({}), result({ state: 'RUNNING', progress: { done: 60, total: 120 } })], '/imp_1/preview': plan, '/imp_1/run': running })
  const { container } = showPage(page, data, `${at}?import=imp_1`)
  await shown(container, 'Maak werkversies')
  button(container, 'Maak werkversies').click()
  await shown(container, '60 van 120 rijen')
  expect(container.querySelector('progress')!.value).toBe(60)
  await expectAccessible(container)
  finish(done)
  await shown(container, '1 werkversie staat klaar.')
  expect(asked.find(({ path }) => path === '/imp_1/run')!.body).toEqual(plan.settings)
  expect(document.activeElement?.textContent).toBe('lijst.csv')
  expect(container.querySelector('main a[href="/publiceren/prj_1"]')!.textContent).toBe('Onderzoek 2')
  expect(container.textContent).toContain('Rij 4: Dit is er al.')
  await expectAccessible(container)
})

test('an import that was interrupted goes on when somebody asks for it', async () => {
  const asked = server({ '/imp_1': result({ state: 'RUNNING' }), '/imp_1/run': result({ state: 'DONE', made: [] }) })
  const { container } = showPage(page, data, `${at}?import=imp_1`)
  await shown(container, 'Staat dit stil?')
  button(container, 'Ga verder').click()
  await shown(container, 'Er zijn geen werkversies gemaakt')
  expect(asked.find(({ path }) => path === '/imp_1/run')!.body).toEqual({})
})

test('an import is undone after it is said what goes and what stays, and what stayed is listed', async () => {
  const made = [{ row: 2, id: 'prj_1', title: 'Onderzoek 2' }]
  server({ '/imp_1': [result({ state: 'DONE', made }), result({ state: 'UNDONE', undoneAt: '2027-01-12T14:00:00Z', removed: 7, made })], '/imp_1/undo': { removed: 7, kept: [{ id: 'prj_1', title: 'Onderzoek 2', why: 'Dit is al gepubliceerd.' }] } })
  const { container } = showPage(page, data, `${at}?import=imp_1`)
  await shown(container, 'Import ongedaan maken')
  expect(container.querySelector('details')!.textContent).toContain('Dertig dagen lang kunt u ze een voor een terughalen')
  expect(container.querySelector('details')!.textContent).toContain('Wat iemand wijzigde, indiende of publiceerde blijft staan.')
  button(container, 'Nu ongedaan maken').click()
  await vi.waitFor(() => expect(document.activeElement?.textContent).toContain('7 werkversies zijn weggehaald'))
  expect(container.textContent).toContain('Onderzoek 2: Dit is al gepubliceerd.')
  await shown(container, 'Ongedaan gemaakt op 12 januari 2027 om 15:00')
  expect(container.querySelector('details')).toBeNull()
  await expectAccessible(container)
})

test('what the server does not do is said in its words, and who was signed out can sign in beside it', async () => {
  server({ '/imp_1': refused('Deze import bestaat niet.', 404) })
  await shown(showPage(page, data, `${at}?import=imp_1`).container, 'Deze import bestaat niet.')
  vi.restoreAllMocks()
  server({ [list]: new Response('{}', { status: 401 }) })
  const { container } = showPage(page, data, at)
  await vi.waitFor(() => expect(container.querySelector('[role=alert] a')?.getAttribute('target')).toBe('_blank'))
})

test('whoever may not write for the organisation sees no page', () => {
  expect(showPage(page, { ...data, organization: { ...data.organization!, viewerCan: [] } }, at).view.status).toBe(404)
})
