import type { WorkingFragment } from '../../graphql/generated/graphql'
import type { WorkingCopy } from './copy'
import type { Values } from './merge'
import { isEmpty, other, partAt } from './values'

/** Parts of the form of a project, in the order in which they are shown; the names are those in addresses. */
export const sections = ['vraag', 'thema', 'aanpak', 'gebaseerd', 'bronnen', 'team', 'resultaat', 'producten', 'gebruik', 'publiciteit', 'taal', 'lezers'] as const

export type Section = (typeof sections)[number]

/** The address of a working copy, of a section of it, or of a field in it. */
export function sectionPath(id: string, section?: Section, field?: string): string {
  const query = [section && `deel=${section}`, field && `veld=${encodeURIComponent(field)}`].filter(Boolean).join('&')
  return `/publiceren/${id}` + (query && '?' + query)
}

/** Where a section stands: something has to be filled in or mended, it is filled in, or it need not be. */
export type SectionState = 'attention' | 'todo' | 'done' | 'optional'

const fields: Record<Exclude<Section, 'producten' | 'gebruik' | 'taal'>, string[]> = {
  vraag: ['title', 'question', 'summary', 'occasion', 'aliases', 'sourceLinks'],
  thema: ['policyDomains', 'municipalities', 'targetGroups', 'geoLevel'],
  aanpak: ['methods', 'complexity', 'goodFirstProject', 'templateVersion', 'effortDays', 'costEuro'],
  gebaseerd: ['basedOn'],
  bronnen: ['sources'],
  team: ['team', 'contacts'],
  resultaat: ['phase', 'answer', 'stopReason', 'startedOn', 'finishedOn'],
  publiciteit: ['pressRelease', 'communicationSenders'],
  lezers: ['audience', 'license'],
}

/** The section that a field stands in. */
export function sectionOf(key: string): Section {
  if (key.startsWith(other)) return 'taal'
  const list = partAt(key)?.list ?? key.replace('+', '')
  if (list === 'outputs') return 'producten'
  if (list === 'policyUses') return 'gebruik'
  const found = Object.entries(fields).find(([, names]) => names.includes(list))
  return (found?.[0] as Section | undefined) ?? 'vraag'
}

/** Fields that have to be filled in before a project can be published, as the server will say too. */
export function missing(values: Values, record: WorkingFragment): string[] {
  const needed = ['title', 'question', 'summary', 'policyDomains', 'municipalities']
  if (values.phase === 'DONE') needed.push('answer')
  if (values.phase === 'STOPPED') needed.push('stopReason')
  // A title and a summary in Dutch are there always.
  if (record.contentLanguage === 'EN') needed.push(other + 'title', other + 'summary')
  return needed.filter((name) => isEmpty(values[name]) || String(values[name]).trim() === '')
}

/** Where each section stands. */
export function sectionStates(copy: WorkingCopy<WorkingFragment>): Record<Section, SectionState> {
  const values = copy.values()
  const wrong = [...Object.keys(copy.refused), ...copy.conflicts().map(({ key }) => key)].map(sectionOf)
  const lacking = missing(values, copy.record).map(sectionOf)
  const state = (section: Section): SectionState => {
    if (wrong.includes(section)) return 'attention'
    if (lacking.includes(section)) return 'todo'
    return isFilled(section, values) ? 'done' : 'optional'
  }
  return Object.fromEntries(sections.map((section) => [section, state(section)])) as Record<Section, SectionState>
}

function isFilled(section: Section, values: Values): boolean {
  if (section === 'resultaat') return !isEmpty(values.answer) || !isEmpty(values.stopReason)
  const names = Object.keys(values).filter((key) => sectionOf(key) === section && !key.startsWith('+'))
  return names.some((key) => !isEmpty(values[key]))
}
