import type { Named, Value, Values } from '../../features/authoring/merge'
import { numberOf, numberText } from '../../features/authoring/values'
import type { Language, OrganizationUpdateInput, ProfileFragment } from '../../graphql/generated/graphql'

/** What the form of a profile holds. A text that is not there in English comes in Dutch, so two that are alike are one. */
export function valuesOf(o: ProfileFragment): Values {
  return {
    name: o.name,
    municipalities: o.municipalities.map(({ code, name }): Named => ({ id: code, name })),
    activeSince: o.activeSince ?? '',
    activeUntil: o.activeUntil ?? '',
    approach: o.approachNl ?? '',
    approachEn: o.approachEn === o.approachNl ? '' : (o.approachEn ?? ''),
    researcherCount: numberText(o.researcherCount),
    cbsColleagueCount: numberText(o.cbsColleagueCount),
    cbsDaysPerWeek: numberText(o.cbsDaysPerWeek),
    hasResearchDepartment: o.hasResearchDepartment,
    wipLimit: numberText(o.wipLimit),
    contactEmail: o.contactEmail ?? '',
    sourceLinks: o.sourceLinks,
  }
}

/** Fields that are saved together: an update has one language. */
export const languageOf = (key: string): Language => (key === 'approachEn' ? 'EN' : 'NL')

const whole = new Set(['researcherCount', 'cbsColleagueCount', 'wipLimit'])
const numbers = new Set([...whole, 'cbsDaysPerWeek'])

/** Whether a field is a text, of which the words can be compared. */
export const isText = (key: string): boolean => key === 'approach' || key === 'approachEn' || key === 'name'

/** Changes as the contract takes them, and the fields that should be a number and are none. */
export function inputOf(changes: Values): { input: Partial<OrganizationUpdateInput>; wrong: string[] } {
  const input: Record<string, unknown> = {}
  const wrong: string[] = []
  for (const [key, value] of Object.entries(changes)) {
    const given = givenOf(key, value)
    if (given === undefined) wrong.push(key)
    else input[key === 'approachEn' ? 'approach' : key] = given
  }
  return { input, wrong }
}

function givenOf(key: string, value: Value): unknown {
  if (numbers.has(key)) return numberOf(value as string, whole.has(key))
  if (key === 'municipalities') return (value as Named[]).map(({ id }) => id)
  if (key === 'name') return (value as string).trim()
  return typeof value === 'string' ? value.trim() || null : value
}
