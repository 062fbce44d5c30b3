import type { Texts } from '../../taal'
import { datum } from '../../taal'
import type { Language } from '../../routes'
import type { Lists } from './desk'
import type { Named, Value } from './merge'
import { other, partAt, stepKey, type Contact, type Example, type Seat, type SourceUse } from './values'

/** The name of a field for people. */
export function nameOf(key: string, t: Texts): string {
  const words = t.authoring
  const part = partAt(key)
  if (part) return `${words.sections[part.list === 'outputs' ? 'producten' : 'gebruik']}: ${words.labels[part.field]}`
  if (key.startsWith(other)) return `${words.labels[key.slice(other.length)]} (${words.inOther})`
  return words.labels[key] ?? key
}

/** What a field holds in words, line by line: texts as they are, choices by their names. */
export function linesOf(key: string, value: Value, lists: Lists, t: Texts, language: Language): string[] {
  const words = t.authoring
  const term = (id: unknown): string => nameInLists(lists, String(id)) ?? words.phases[id as never] ?? words.audiences[id as never] ?? t.lessonKind[id as never] ?? words.complexities[id as never] ?? String(id)
  const named = (list: Named[]) => list.map(({ name }) => name).join(', ')
  const item = (x: unknown): string => {
    if (typeof x === 'string') return key === 'steps' ? (stepTitle(lists, stepKey(x)) ?? stepKey(x)) : term(x)
    if ('source' in (x as object)) {
      const { source, accessRoute, linkedWith, note } = x as SourceUse
      return joined(source.name, term(accessRoute), linkedWith.length > 0 && `${words.labels.linkedWith}: ${named(linkedWith)}`, note)
    }
    if ('subject' in (x as object)) {
      const { subject, kind, whatWeDidDifferently } = x as Example
      return joined(subject.name, words.reuseKinds[kind], whatWeDidDifferently)
    }
    if ('role' in (x as object)) {
      const { role, organization, unit, label } = x as Seat
      return joined(term(role), label, unit, organization?.name)
    }
    if ('willingToPresent' in (x as object)) {
      const { label, email, isAmbassador, willingToPresent } = x as Contact
      return joined(label, email, isAmbassador && words.labels.isAmbassador, willingToPresent && words.labels.willingToPresent)
    }
    return (x as Named).name
  }
  if (Array.isArray(value)) return value.length > 0 ? value.map(item) : [words.nothing]
  if (typeof value === 'boolean') return [value ? words.yes : words.no]
  if (value === null || value === '') return [words.nothing]
  if (typeof value !== 'string') return [item(value)]
  return [/On$|^reviewBy$/.test(key) ? datum(value, language) : term(value)]
}

const joined = (...parts: (string | false | undefined)[]): string => parts.filter(Boolean).join(' · ')

function nameInLists(lists: Lists, id: string): string | undefined {
  for (const list of Object.values(lists)) {
    if (Array.isArray(list)) for (const term of list) if (term.id === id) return term.label
  }
  const template = lists.processTemplates.nodes.find(({ current }) => current?.id === id)
  return template && `${template.title} ${template.current!.number}`
}

function stepTitle(lists: Lists, key: string): string | undefined {
  for (const { current } of lists.processTemplates.nodes) for (const step of current?.steps ?? []) if (step.key === key) return step.title
  return undefined
}

/** Fields whose text people write: what differs is marked by word. */
export const isText = (key: string): boolean => texts.has(partAt(key)?.field ?? key.replace(other, ''))

const texts = new Set(['title', 'summary', 'question', 'occasion', 'answer', 'description', 'body', 'context', 'recommendation', 'consequence'])
