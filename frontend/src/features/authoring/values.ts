import type { Language, ReuseKind, WorkingFragment, WorkingProjectFragment } from '../../graphql/generated/graphql'
import type { Named, Value, Values } from './merge'

export type WorkingProject = Extract<WorkingFragment, { __typename: 'Project' }>
export type WorkingLesson = Extract<WorkingFragment, { __typename: 'Lesson' }>

/** A data source in a project, in the order of the contract's fields: see Value. */
export interface SourceUse {
  source: Named
  accessRoute: string
  linkedWith: Named[]
  note: string
}

/** A seat in the team. */
export interface Seat {
  role: string
  organization: Named | null
  unit: string
  label: string
}

/** A function that answers questions. */
export interface Contact {
  label: string
  email: string
  isAmbassador: boolean
  willingToPresent: boolean
}

/** A project that this one was made after; the id of the other is its canonical address. */
export interface Example {
  subject: Named
  kind: ReuseKind
  whatWeDidDifferently: string
}

/** Texts in the other language than the record's own have this before their name. */
export const other = 'other.'

/** The language that a record is not written in. */
export const otherLanguage = (own: Language): Language => (own === 'NL' ? 'EN' : 'NL')

type Texts = Record<string, string | null>

/** A text in one language, from fields named after it. */
const textIn = (record: object, name: string, language: Language): string => (record as Texts)[name + (language === 'NL' ? 'Nl' : 'En')] ?? ''

/** Texts in both languages. What is not there in one comes in the other, so two that are alike are one. */
function texts(record: WorkingFragment, names: readonly string[]): Values {
  const out: Values = {}
  for (const name of names) {
    const own = textIn(record, name, record.contentLanguage)
    const translated = textIn(record, name, otherLanguage(record.contentLanguage))
    out[name] = own
    out[other + name] = translated === own ? '' : translated
  }
  return out
}

const ids = (list: { id: string }[]): string[] => list.map(({ id }) => id)
const named = (x: { id: string; name: string } | null): Named | null => x && { id: x.id, name: x.name }
const namedAll = (list: { id: string; name: string }[]): Named[] => list.map(({ id, name }) => ({ id, name }))

/** Everything that the form of a working copy holds. */
export function valuesOf(record: WorkingFragment): Values {
  const spine: Values = { audience: record.audience, license: record.license.id, sourceLinks: record.sourceLinks }
  if (record.__typename === 'Project') return { ...spine, ...projectValues(record) }
  if (record.__typename === 'Lesson') return { ...spine, ...lessonValues(record) }
  return spine
}

/** Texts that a project can have in both languages. */
export const projectTexts = ['title', 'summary', 'question', 'occasion', 'answer'] as const

/** Texts that a lesson can have in both languages. */
export const lessonTexts = ['title', 'context', 'recommendation', 'consequence'] as const

function projectValues(p: WorkingProject): Values {
  const out: Values = {
    ...texts(p, projectTexts),
    phase: p.phase,
    complexity: p.complexity ?? '',
    goodFirstProject: p.goodFirstProject,
    startedOn: p.startedOn ?? '',
    finishedOn: p.finishedOn ?? '',
    effortDays: numberText(p.effortDays),
    costEuro: numberText(p.costEuro),
    pressRelease: p.pressRelease,
    aliases: p.aliases,
    policyDomains: ids(p.policyDomains),
    targetGroups: ids(p.targetGroups),
    geoLevel: p.geoLevel?.id ?? '',
    methods: ids(p.methods),
    stopReason: p.stopReason?.id ?? '',
    municipalities: p.municipalities.map(({ code, name }): Named => ({ id: code, name })),
    templateVersion: p.template?.id ?? '',
    communicationSenders: namedAll(p.communicationSenders),
    sources: p.sources.map((s): SourceUse => ({ source: named(s.source)!, accessRoute: s.accessRoute.id, linkedWith: namedAll(s.linkedWith), note: s.note ?? '' })),
    team: p.team.map((m): Seat => ({ role: m.role.id, organization: named(m.organization), unit: m.unit ?? '', label: m.label ?? '' })),
    basedOn: p.basedOn.map((b): Example => ({ subject: { id: b.to.uri, name: b.to.title }, kind: b.kind, whatWeDidDifferently: textIn(b, 'difference', p.contentLanguage) })),
    contacts: p.contacts.map((c): Contact => ({ label: c.label, email: c.email ?? '', isAmbassador: c.isAmbassador, willingToPresent: c.willingToPresent })),
  }
  for (const o of p.outputs) Object.assign(out, prefixed(partOf('outputs', o.id), outputValues(o, p.contentLanguage)))
  for (const u of p.policyUses) Object.assign(out, prefixed(partOf('policyUses', u.id), useValues(u, p.contentLanguage)))
  return out
}

function lessonValues(l: WorkingLesson): Values {
  return {
    ...texts(l, lessonTexts),
    kind: l.lessonKind,
    steps: l.steps.map((key) => stepOf('', key)),
    roles: ids(l.roles),
    reviewBy: l.reviewBy ?? '',
    projects: l.learnedIn.nodes.map((p): Named => ({ id: p.id, name: p.title })),
  }
}

/** A step by its key, and the template that it was chosen from; the server says no template, as its forks share their steps. */
export const stepOf = (template: string, key: string): string => `${template}#${key}`

/** The key of a step. */
export const stepKey = (step: string): string => step.slice(step.lastIndexOf('#') + 1)

/** Steps and their template go to the server together. */
function stepsInput(steps: string[]): Record<string, unknown> {
  const from = steps.find((step) => !step.startsWith('#'))
  return { steps: [...new Set(steps.map(stepKey))], ...(from && { template: from.slice(0, from.lastIndexOf('#')) }) }
}

type Output = WorkingProjectFragment['outputs'][number]
type Use = WorkingProjectFragment['policyUses'][number]

const outputValues = (o: Output, language: Language): Values => ({
  kind: o.kind.id,
  title: textIn(o, 'title', language),
  description: textIn(o, 'description', language),
  url: o.url ?? '',
  mediaType: o.mediaType ?? '',
  file: named(o.file),
  license: o.license?.id ?? '',
  producedBy: named(o.producedBy),
  deliveredOn: o.deliveredOn ?? '',
  publishedOn: o.publishedOn ?? '',
})

const useValues = (u: Use, language: Language): Values => ({
  kind: u.kind.id,
  title: textIn(u, 'title', language),
  description: textIn(u, 'description', language),
  documentUrl: u.documentUrl ?? '',
  decidedOn: u.decidedOn ?? '',
  body: u.body ?? '',
})

/** A number as it is typed. */
export const numberText = (n: number | null): string => (n === null ? '' : String(n).replace('.', ','))

/** A list of parts with ids of their own. */
export type PartList = 'outputs' | 'policyUses'

/** What the names of the fields of a part begin with. */
export const partOf = (list: PartList, id: string): string => `${list}/${id}/`

const prefixed = (prefix: string, values: Values): Values => Object.fromEntries(Object.entries(values).map(([key, value]) => [prefix + key, value]))

/** The values of one part. */
export function valuesIn(values: Values, part: string): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => key.startsWith(part)))
}

/** The part that a field is in, and its name there; undefined for a field of the record itself. */
export function partAt(key: string): { list: PartList; id: string; field: string } | undefined {
  const first = key.indexOf('/')
  const last = key.lastIndexOf('/')
  if (first < 0) return undefined
  return { list: key.slice(0, first) as PartList, id: key.slice(first + 1, last), field: key.slice(last + 1) }
}

/** Changes that go to the server together: those in one language of the record, or those in one part. */
export function groupOf(key: string): string {
  const part = partAt(key)
  if (part) return partOf(part.list, part.id)
  return key.startsWith(other) ? other : ''
}

/** Empty is what clears a field. */
const orNull = (value: Value): Value => (value === '' ? null : value)

const idOf = (value: Value): string | null => (value as Named | null)?.id ?? null
const idsOf = (value: Value): string[] => (value as Named[]).map(({ id }) => id)

/** What a field is as the contract takes it; undefined where it can be none. */
const inputs: Record<string, (value: Value) => unknown> = {
  municipalities: idsOf,
  communicationSenders: idsOf,
  projects: idsOf,
  producedBy: idOf,
  file: idOf,
  effortDays: (value) => numberOf(value as string, false),
  costEuro: (value) => numberOf(value as string, true),
  sources: (value) => (value as SourceUse[]).map((s) => ({ ...s, source: s.source.id, linkedWith: idsOf(s.linkedWith), note: orNull(s.note) })),
  basedOn: (value) => (value as Example[]).map((b) => ({ ...b, subject: b.subject.id, whatWeDidDifferently: orNull(b.whatWeDidDifferently) })),
  team: (value) => (value as Seat[]).map((m) => ({ ...m, organization: idOf(m.organization), unit: orNull(m.unit), label: orNull(m.label) })),
  contacts: (value) => (value as Contact[]).map((c) => ({ ...c, email: orNull(c.email) })),
}

/** A number that was typed; null where there is none, and undefined where it is no number. */
export function numberOf(text: string, isWhole: boolean): number | null | undefined {
  const plain = text.trim().replace(',', '.')
  if (plain === '') return null
  const n = Number(plain)
  return Number.isFinite(n) && n >= 0 && (!isWhole || Number.isInteger(n)) ? n : undefined
}

/** Changes as an input of the contract, and the fields whose values can be none. */
export function inputOf(changes: Values): { input: Record<string, unknown>; wrong: string[] } {
  const input: Record<string, unknown> = {}
  const wrong: string[] = []
  for (const [key, value] of Object.entries(changes)) {
    const name = key.slice(groupOf(key).length)
    if (name === 'steps') Object.assign(input, stepsInput(value as string[]))
    const given = (inputs[name] ?? orNull)(value)
    if (given === undefined) wrong.push(key)
    else if (name !== 'steps') input[name] = given
  }
  return { input, wrong }
}

/** Whether a value says nothing. */
export const isEmpty = (value: unknown): boolean => value === null || value === '' || value === false || (Array.isArray(value) && value.length === 0)

// Control characters come along with pasted text; the contract takes none but line breaks and tabs.
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g

/** A text as it was typed or pasted, without what nobody can see. */
export const typed = (text: string): string => text.replace(control, '')

