import type { Failure } from '../../graphql/ask'

/** An import: a spreadsheet that was uploaded. docs/import-sheets.md describes what the server says of it. */
export interface Import {
  id: string
  fileName: string
  state: 'UPLOADED' | 'RUNNING' | 'DONE' | 'UNDONE'
  createdAt: string
  ranAt?: string
  undoneAt?: string
  rows: number
  progress: { done: number; total: number }
  removed: number
}

export interface Column {
  /** As spreadsheets name it, such as C. */
  key: string
  name: string
  sample: string[]
  /** What was guessed. */
  field: string | null
  /** How sure that is, from 0 to 1. */
  confidence: number
}

/** What a column can be. */
export interface Field {
  name: string
  label: string
  /** More than one column can be it. */
  many: boolean
}

export interface Settings {
  /** Fields by column; columns that are left out are passed over. */
  mapping: Record<string, string>
  kind: 'PROJECT' | 'LESSON'
  language: 'nl' | 'en'
  skipProblems: boolean
  includeDuplicates: boolean
}

export interface Finding {
  column?: string
  heading?: string
  message: string
  blocking: boolean
  warning: boolean
}

export interface Row {
  row: number
  kind: 'PROJECT' | 'LESSON'
  state: 'NEW' | 'PROBLEM' | 'DUPLICATE'
  willBeSkipped: boolean
  title: string
  summary: string
  question?: string
  phase?: string
  startedOn?: string
  finishedOn?: string
  municipalities?: string[]
  policyDomains?: string[]
  methods?: string[]
  steps?: string[]
  problems: Finding[]
  duplicate: { id?: string; row?: number; message: string } | null
}

/** What an import would do. */
export interface Preview extends Import {
  columns: Column[]
  fields: Field[]
  settings: Settings
  counts: { new: number; problem: number; duplicate: number }
  preview: Row[]
}

/** What an import did. */
export interface Result extends Import {
  made: { row: number; id: string; title: string }[]
  skipped: { row: number; why: string }[]
}

/** What an undo did. */
export interface Undone {
  removed: number
  kept: { id: string; title: string; why: string }[]
}

/** An answer, what the person can correct, or why there is no answer. */
export interface Reply<T> {
  data?: T
  problem?: string
  failure?: Failure
}

/** How many rows are shown at a time. */
export const rowsShown = 50

async function call<T>(path: string, init: RequestInit = {}): Promise<Reply<T>> {
  try {
    const response = await fetch('/imports' + path, { ...init, headers: { accept: 'application/json', 'accept-language': document.documentElement.lang, ...init.headers } })
    if (response.status === 401) return { failure: 'signedOut' }
    if (response.status === 429) return { failure: 'tooOften' }
    const answer = await response.json()
    if (response.ok) return { data: answer as T }
    return response.status < 500 ? { problem: String(answer.errors[0].message) } : { failure: 'unavailable' }
  } catch (error) {
    if (init.signal?.aborted) throw error
    return { failure: 'unavailable' }
  }
}

const post = (body: unknown, signal?: AbortSignal): RequestInit => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal })

const at = (id: string, rest = ''): string => `/${encodeURIComponent(id)}${rest}`

/** The imports of an organisation, the newest first. */
export const listImports = (organization: string) => call<{ imports: Import[] }>(`?organization=${encodeURIComponent(organization)}`)

/** Sends a spreadsheet. */
export function uploadSheet(organization: string, file: File): Promise<Reply<Preview>> {
  const form = new FormData()
  form.append('organization', organization) // before the file: who may not is told so at once
  form.append('file', file)
  return call('', { method: 'POST', body: form })
}

/** What an import would do with these settings, or with those that are guessed; it throws an AbortError when it is aborted. */
export const previewImport = (id: string, settings: Partial<Settings>, from: number, signal?: AbortSignal) => call<Preview>(at(id, '/preview'), post({ ...settings, from, count: rowsShown }, signal))

/** Makes the working copies; it answers when all are made. Who asks again lets it go on where it was. */
export const runImport = (id: string, settings: Partial<Settings>) => call<Result>(at(id, '/run'), post(settings))

/** How far an import is, and what it did. */
export const readImport = (id: string) => call<Result>(at(id))

/** Throws away what an import made and nobody touched. */
export const undoImport = (id: string) => call<Undone>(at(id, '/undo'), post({}))
