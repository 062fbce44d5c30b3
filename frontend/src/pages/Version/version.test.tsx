import { expect, test } from 'vitest'
import { wordsOf } from '../../features/words'
import type { ComparedStepFragment, PageVersionQuery, StepInFullFragment } from '../../graphql/generated/graphql'
import { match } from '../../routes'
import { expectAccessible, here, showPage } from '../../testing'
import version from './page'

type Template = Extract<NonNullable<NonNullable<PageVersionQuery['address']>['record']>, { __typename: 'ProcessTemplate' }>
type Diff = NonNullable<Template['compared']>['diff']

const udc = { slug: 'udc-a', name: 'UDC A' }
const named = { languages: ['NL' as const], contentLanguage: 'NL' as const, publisher: udc }
const expert = { id: 'r1', label: 'domeinexpert' }
const cbs = { id: 'r2', label: 'CBS-collega' }
const step = (position: number, key: string, also: Partial<ComparedStepFragment> = {}): ComparedStepFragment => ({
  key,
  position,
  title: `Doe ${key}`,
  purpose: `Waarom ${key}.`,
  startsAfter: [],
  parallelWith: [],
  iterative: false,
  optional: false,
  guideDays: null,
  raci: [],
  checklist: [],
  deliverables: [],
  ...also,
})
const whole: Template = {
  __typename: 'ProcessTemplate',
  slug: 'vier',
  title: 'Vier stappen',
  ...named,
  provenance: 'OWN',
  origin: here,
  number: '1.1.0',
  forkedFrom: null,
  versions: {
    nodes: [
      { id: 'tpv_2', number: '1.1.0', roles: [{ minimum: 1, role: expert }] },
      { id: 'tpv_1', number: '1.0.0', roles: [{ minimum: 2, role: expert }] },
    ],
  },
  version: {
    uri: 'https://plein.example/id/tpv_2',
    publishedAt: '2025-03-01T10:00:00Z',
    changeNote: '<p>Delen erbij.</p>',
    roles: [
      { minimum: 1, role: expert },
      { minimum: 1, role: cbs },
    ],
    steps: [step(1, 'vraag') as StepInFullFragment, step(2, 'delen', { startsAfter: ['vraag'] }) as StepInFullFragment],
  },
}
const path = '/sjablonen/udc-a/vier'
const at = (record: Template | null): PageVersionQuery => ({ address: { path, record, tombstone: null } })
const compared = (diff: Diff, also: Partial<Template> = {}): PageVersionQuery => at({ ...whole, compared: { diff }, ...also })
const url = path + '/1.1.0?vergelijk=1.0.0'

test('what is asked follows from the address', () => {
  expect(version.variables!(match('/en' + path + '/1.1.0'))).toEqual({ path, number: '1.1.0', against: '', comparing: false })
  expect(version.variables!(match(url))).toEqual({ path, number: '1.1.0', against: '1.0.0', comparing: true })
})

test('a version shows its steps and leads to the one before it', async () => {
  const { container, view } = showPage(version, at(whole), path + '/1.1.0')
  expect(view.title).toBe('Vier stappen, versie 1.1.0')
  expect(container.querySelector('h1')?.textContent).toBe('Vier stappen, versie 1.1.0')
  expect(container.querySelectorAll('.plein-step')).toHaveLength(2)
  const form = container.querySelector<HTMLFormElement>('.plein-choice')!
  expect(form.getAttribute('action')).toBe(path + '/1.1.0')
  expect(form.querySelector('select')!.value).toBe('1.0.0')
  expect(container.querySelector('main')!.textContent).toContain('Dit is de huidige versie.')
  await expectAccessible(container)
})

test('an older version says so and leads to the current one', () => {
  const { container } = showPage(version, at(whole), path + '/1.0.0')
  expect(container.querySelector(`.plein-notice a[href="${path}"]`)?.textContent).toBe('Lees de huidige versie, 1.1.0')
  expect(container.querySelector('select')!.value).toBe('1.1.0')
})

test('a single version has nothing to be compared with', async () => {
  const { container } = showPage(version, at({ ...whole, versions: { nodes: [{ id: 'tpv_2', number: '1.1.0' }] } }), path + '/1.1.0')
  expect(container.querySelector('.plein-choice')).toBeNull()
  expect(container.querySelector('main')!.textContent).toContain('Dit is de enige versie.')
  await expectAccessible(container)
})

test('every kind of difference is said in words', async () => {
  const { container, view } = showPage(
    version,
    compared([
      { key: 'vraag', kind: 'CHANGED', before: step(1, 'vraag'), after: step(1, 'vraag', { title: 'Stel de vraag' }) },
      { key: 'gebruik', kind: 'MOVED', before: step(3, 'gebruik'), after: step(2, 'gebruik') },
      { key: 'analyse', kind: 'UNCHANGED', before: step(3, 'analyse'), after: step(3, 'analyse') },
      { key: 'delen', kind: 'ADDED', before: null, after: step(4, 'delen', { checklist: [{ key: 'a', text: 'Vertel het.', required: false }] }) },
      { key: 'model', kind: 'REMOVED', before: step(2, 'model'), after: null },
    ]),
    url,
  )
  expect(view.title).toBe('Vier stappen: versie 1.1.0 vergeleken met versie 1.0.0')
  const [changed, moved, unchanged, added, removed] = [...container.querySelectorAll('.plein-diff > li')].map((li) => li.textContent!)
  expect(changed).toMatch(/^Stap 1 Stel de vraag gewijzigd/)
  expect(moved).toBe('Stap 2 Doe gebruik verplaatstWas stap 3, is nu stap 2.')
  expect(unchanged).toBe('Stap 3 Doe analyse gelijk')
  expect(added).toBe('Stap 4 Doe delen nieuwtoegevoegd: Waarom delen.;toegevoegd: Vertel het.;')
  expect(removed).toBe(' Doe model vervallenDit was stap 2.weggehaald: Waarom model.;')
  expect([...container.querySelectorAll('.plein-badges li')].map((li) => li.textContent)).toEqual(['1 stap nieuw', '1 stap vervallen', '1 stap gewijzigd', '1 stap verplaatst', '1 stap gelijk'])
  expect(container.querySelectorAll('.plein-step')).toHaveLength(0)
  await expectAccessible(container)
})

test('what changed inside a step is told part by part', async () => {
  const before = step(2, 'analyse', {
    purpose: 'Het CBS doet de analyse en schrijft een rapport.',
    startsAfter: ['vraag'],
    guideDays: 5,
    raci: [
      { raci: 'RESPONSIBLE', role: cbs },
      { raci: 'INFORMED', role: expert },
    ],
    checklist: [
      { key: 'a', text: 'Kijk mee.', required: false },
      { key: 'b', text: 'Bel elke week.', required: false },
    ],
    deliverables: [{ id: 'o1', label: 'rapport' }],
  })
  const after = step(2, 'analyse', {
    purpose: 'Het CBS doet de analyse en schrijft een kort rapport.',
    startsAfter: ['vraag', 'model'],
    iterative: true,
    guideDays: 10,
    raci: [
      { raci: 'RESPONSIBLE', role: cbs },
      { raci: 'RESPONSIBLE', role: expert },
      { raci: 'ACCOUNTABLE', role: expert },
    ],
    checklist: [
      { key: 'a', text: 'Kijk mee.', required: true },
      { key: 'c', text: 'Laat het zien.', required: false },
    ],
    deliverables: [{ id: 'o1', label: 'rapport' }],
  })
  const same = { key: 'model', kind: 'UNCHANGED' as const, before: step(1, 'model'), after: step(1, 'model') }
  const { container } = showPage(version, compared([same, { key: 'analyse', kind: 'CHANGED', before, after }]), url)
  const told = [...container.querySelectorAll('.plein-diff dl > div')].map((div) => {
    for (const hidden of div.querySelectorAll('.plein-hidden')) hidden.remove()
    for (const mark of div.querySelectorAll('ins, del')) mark.textContent = `[${mark.localName} ${mark.textContent!.trim()}]`
    return [div.querySelector('dt')!.textContent, ...[...div.querySelectorAll('.plein-diff__line')].map((line) => line.textContent)]
  })
  expect(told).toEqual([
    ['Doel', 'Het CBS doet de analyse en schrijft een [ins kort] rapport.'],
    ['Wanneer', '[ins na ‘Doe model’]', '[ins wordt meestal een paar keer herhaald]', 'duurt meestal [del 5] [ins 10] dagen'],
    ['Wie doet wat', '[del domeinexpert: krijgt het te horen] [ins domeinexpert: doet het, beslist]'],
    ['Waar u op let', 'Kijk mee. [ins (verplicht)]', '[ins Laat het zien.]', '[del Bel elke week.]'],
  ])
  await expectAccessible(container)
})

test('the team is compared as well', () => {
  const { container } = showPage(version, compared([{ key: 'vraag', kind: 'UNCHANGED', before: step(1, 'vraag'), after: step(1, 'vraag') }]), url)
  const team = container.querySelector('#verschil')!.parentElement!.querySelector('h3 + ul')!
  expect([...team.querySelectorAll('ins, del')].map((x) => `${x.localName} ${x.textContent!.trim()}`)).toEqual(['del weggehaald: 2 ×;', 'ins toegevoegd: 1;', 'ins toegevoegd: 1 CBS-collega;'])
})

test('versions that ask the same are said to be the same', () => {
  const { roles } = whole.version!
  const nodes = whole.versions.nodes.map((v) => ({ ...v, roles }))
  const { container } = showPage(version, compared([{ key: 'vraag', kind: 'UNCHANGED', before: step(1, 'vraag'), after: step(1, 'vraag') }], { versions: { nodes } }), url)
  expect(container.querySelector('main')!.textContent).toContain('De stappen en het team zijn gelijk.')
  expect(container.querySelector('.plein-diff')).toBeNull()
})

test('a change that cannot be seen is said to be there', () => {
  const { container } = showPage(version, compared([{ key: 'vraag', kind: 'CHANGED', before: step(1, 'vraag'), after: step(1, 'vraag') }]), url)
  expect(container.querySelector('.plein-diff')!.textContent).toContain('zoals een vertaling')
})

test('a fork is compared with what it began as', async () => {
  const forkedFrom = { id: 'tpv_9', number: '2.0.0', roles: [], template: { __typename: 'ProcessTemplate' as const, slug: 'zes', title: 'Zes stappen', ...named } }
  const record = { forkedFrom, versions: { nodes: [whole.versions.nodes[0]] } }
  const { container, view } = showPage(version, compared([{ key: 'delen', kind: 'ADDED', before: null, after: step(1, 'delen') }], record), '/en' + path + '/1.1.0?vergelijk=tpv_9')
  expect(view.title).toBe('Vier stappen: version 1.1.0 compared with the original')
  expect(container.querySelector('#verschil')?.textContent).toBe('What is different in version 1.1.0 from the original')
  expect(container.querySelector('option')?.textContent).toBe('The original: Zes stappen 2.0.0 (UDC A)')
  expect(container.querySelector('.plein-diff ins .plein-hidden')?.getAttribute('lang')).toBe('en')
  expect(container.querySelector('.plein-diff ins')?.closest('[lang=nl]')).not.toBeNull()
  await expectAccessible(container)
})

test('what cannot be compared with is said, and the choice stays', () => {
  for (const against of ['9.9.9', 'tpv_9']) {
    const { container } = showPage(version, at({ ...whole, compared: null }), `${path}/1.1.0?vergelijk=${against}`)
    expect(container.querySelector('main')!.textContent).toContain('Met die versie kunnen we niet vergelijken.')
    expect(container.querySelector('.plein-choice')).not.toBeNull()
  }
})

test('an unknown version is not found and an old address moves with its question', () => {
  expect(showPage(version, at({ ...whole, version: null }), path + '/9.9.9').view.status).toBe(404)
  expect(showPage(version, at(whole), '/sjablonen/udc-a/oud/1.1.0?vergelijk=1.0.0').view.location).toBe(url)
})

test('words that came and went are found in place, and texts with little in common are given whole', () => {
  const told = (a: string, b: string) => wordsOf(a, b).map((p) => p.kind[0] + p.text)
  expect(told('een twee drie vier', 'een drie vier vijf')).toEqual(['seen', 'rtwee', 'sdrie vier', 'avijf'])
  expect(told('kort', 'heel iets anders')).toEqual(['rkort', 'aheel iets anders'])
  expect(told('een twee', 'nul een twee drie')).toEqual(['anul', 'seen twee', 'adrie'])
  const long = (word: string) => `begin ${word.repeat(500)}einde`
  expect(wordsOf(long('woord '), long('woord een ')).map((p) => p.kind)).toEqual(['removed', 'added'])
})
