import type { Language } from '../routes'

/** Enough of a record to find its page. */
export interface Addressed {
  __typename: 'Project' | 'ProcessTemplate' | 'Lesson' | 'OtherRecord'
  slug: string
  publisher: { slug: string }
}

const folders = { Project: 'projecten', ProcessTemplate: 'sjablonen', Lesson: 'lessen', OtherRecord: 'overig' }

/** Path of a record's page, without the language. */
export function pathOf(record: Addressed): string {
  return `/${folders[record.__typename]}/${record.publisher.slug}/${record.slug}`
}

/** The language of a record's texts where it is not that of the page, for `lang`. */
export function langOf(record: { languages: ('NL' | 'EN')[]; contentLanguage: 'NL' | 'EN' }, language: Language): Language | undefined {
  const has = record.languages.some((l) => l.toLowerCase() === language)
  return has ? undefined : (record.contentLanguage.toLowerCase() as Language)
}

/** Colour of a phase, beside its name. */
export function toneOf(phase: string): 'good' | 'busy' | 'warn' | undefined {
  if (phase === 'DONE') return 'good'
  if (phase === 'RUNNING' || phase === 'INTAKE') return 'busy'
  return phase === 'STOPPED' || phase === 'ON_HOLD' ? 'warn' : undefined
}
