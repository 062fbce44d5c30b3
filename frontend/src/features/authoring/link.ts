import { change } from '../../graphql/ask'
import {
  LessonSaveDocument,
  OutputSaveDocument,
  PolicyUseSaveDocument,
  ProjectSaveDocument,
  WorkingDocument,
  type TypedDocumentString,
  type WorkingFragment,
  type WrongFragment,
} from '../../graphql/generated/graphql'
import type { Link, Outcome, Problem, Snapshot } from './copy'
import { groupOf, inputOf, other, otherLanguage, partAt, valuesOf } from './values'

/** What every mutation on a working copy answers. */
interface Saved {
  saved: { record: WorkingFragment | null; warnings?: WrongFragment[]; userErrors: WrongFragment[] }
}

/** A working copy as an answer holds it. */
export function snapshot(record: WorkingFragment): Snapshot<WorkingFragment> {
  return { revision: record.revision ?? 0, values: valuesOf(record), record }
}

/** Carries out a mutation on a working copy. `group` is what the fields that its problems name are in. */
export async function carryOut<Variables>(operation: TypedDocumentString<Saved, Variables>, variables: Variables, group = ''): Promise<Outcome<WorkingFragment>> {
  const { data, failure } = await change(operation, variables)
  if (failure) return { kind: 'failed', why: failure }
  const { record, warnings, userErrors } = data!.saved
  if (userErrors.some((e) => e.code === 'STALE_REVISION')) return { kind: 'stale' }
  if (userErrors.length > 0 || !record) return { kind: 'refused', problems: problems(userErrors, group) }
  return { kind: 'saved', now: snapshot(record), notes: warnings && notesOf(warnings) }
}

/** The fields of the form that problems are about. */
export function problems(wrong: WrongFragment[], group = ''): Problem[] {
  return wrong.map(({ field, message }) => {
    const path = (field ?? []).filter((name) => name !== 'input')
    const name = partAt(group) || group.startsWith('+') ? path[path.length - 1] : path[0]
    return { key: name ? group + name : '', message }
  })
}

/** What deserves another look in the whole of a working copy; what is missing is in its task list. */
export function notesOf(warnings: WrongFragment[]): Problem[] {
  return problems(warnings.filter((w) => w.code !== 'REQUIRED'))
}

/** How the form of a record reaches the server. `says` is why a value can be none. */
export function linkTo(record: WorkingFragment, says: (key: string) => string): Link<WorkingFragment> {
  const { id, contentLanguage } = record
  return {
    groupOf,
    load: async () => {
      const { data, failure } = await change(WorkingDocument, { id })
      return failure ?? (data!.draft ? snapshot(data!.draft) : undefined)
    },
    send: async (changes, revision) => {
      const { input, wrong } = inputOf(changes)
      if (wrong.length > 0) return { kind: 'refused', problems: wrong.map((key) => ({ key, message: says(key) })) }
      const group = groupOf(Object.keys(changes)[0])
      const part = partAt(group)
      if (part) {
        const variables = { input: { ...input, id: part.id, revision, lang: contentLanguage } }
        return carryOut(part.list === 'outputs' ? OutputSaveDocument : PolicyUseSaveDocument, variables, group)
      }
      const lang = group === other ? otherLanguage(contentLanguage) : contentLanguage
      return carryOut(record.__typename === 'Lesson' ? LessonSaveDocument : ProjectSaveDocument, { input: { ...input, id, revision, lang } }, group)
    },
  }
}
