import { createContext } from 'preact'
import { useContext, useEffect, useReducer } from 'preact/hooks'
import type { ChoiceFragment, PageEditQuery, WorkingFragment } from '../../graphql/generated/graphql'
import { useWhere } from '../../where'
import type { WorkingCopy } from './copy'
import type { Value } from './merge'
import type { Found } from './Pick'

/** The lists that a form offers. */
export type Lists = Omit<PageEditQuery, 'viewer' | 'draft' | 'publicationPreview'>

/** What the parts of a form share: the working copy and the lists to choose from. */
export interface Desk {
  copy: WorkingCopy<WorkingFragment>
  lists: Lists
  /** What the person may write: everything, only what the project delivered (guests), or nothing. */
  writes: 'all' | 'outputs' | 'nothing'
  /** Organisations by a part of their name. */
  findOrganization: (words: string) => Promise<Found[]>
}

const Place = createContext<Desk | undefined>(undefined)

/** Gives what is below it its working copy. */
export const DeskProvider = Place.Provider

/** The working copy that this is a part of. */
export function useDesk(): Desk {
  const desk = useContext(Place)
  if (!desk) throw new Error('useDesk outside a form')
  return desk
}

/** Shows a working copy as it is, and anew whenever it changes. */
export function useChanges(copy: WorkingCopy<WorkingFragment>): void {
  const [, show] = useReducer((n: number) => n + 1, 0)
  useEffect(() => copy.subscribe(() => show(undefined)), [copy])
}

/** A field of the working copy: its value and what there is to say of it. */
export function useValue<T extends Value>(name: string): { value: T; set: (value: T) => void; save: () => void; error?: string; note?: string; isSplit: boolean } {
  const { copy } = useDesk()
  return {
    value: copy.value(name) as T,
    set: (value) => copy.set(name, value),
    save: () => void copy.flush(),
    error: copy.refused[name],
    note: noteAt(copy, name),
    isSplit: copy.conflicts().some((conflict) => conflict.key === name),
  }
}

/** What deserves another look in a field, or in a list of parts. */
export function noteAt(copy: WorkingCopy<WorkingFragment>, name: string): string | undefined {
  const messages = copy.notes.filter((note) => note.key === name).map((note) => note.message)
  return messages.length > 0 ? [...new Set(messages)].join(' ') : undefined
}

/** The id of a field in the page. */
export const idOf = (name: string): string => 'veld-' + name.replace(/[^a-zA-Z0-9]+/g, '-')

/** Terms that can be chosen; one that should no longer be is offered where it is chosen already. */
export function offered(terms: ChoiceFragment[], chosen: string[]): ChoiceFragment[] {
  return terms.filter((term) => !term.isDeprecated || chosen.includes(term.id))
}

/** The words of the form. */
export const useWords = () => useWhere().t.authoring
