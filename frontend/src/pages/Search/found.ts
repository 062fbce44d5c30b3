import { narrowings, sizes, type NarrowingName, type Search } from '../../features/searching'
import type { PageSearchQuery } from '../../graphql/generated/graphql'
import type { Texts } from '../../taal'

export type Found = PageSearchQuery['search']

/** One value to narrow by. */
export interface Value {
  /** As it stands in the address. */
  value: string
  label: string
  count: number
  chosen: boolean
}

/** The values of a narrowing that were counted: sizes and years in their own order, others as they come. */
export function valuesOf(name: NarrowingName, found: Found, t: Texts): Value[] {
  const { facet, single } = narrowings.find((n) => n.name === name)!
  const buckets = found.facets.find((f) => f.facet === facet)?.buckets ?? []
  if (name === 'plein' && buckets.length < 2 && !buckets.some((b) => b.selected)) return [] // this is the only one
  const values = buckets
    .filter((b) => !single || b.value === 'true')
    .map((b) => ({ value: single ? 'ja' : b.value, label: labelOf(name, b.value, b.label, t), count: b.count, chosen: b.selected }))
  const rank = ranks[name]
  return rank ? values.sort((a, b) => rank(a.value) - rank(b.value)) : values
}

const ranks: Partial<Record<NarrowingName, (value: string) => number>> = {
  grootte: (value) => sizes.findIndex((s) => s === value),
  stedelijkheid: Number,
  jaar: (value) => -value,
}

/** What people call what was chosen: by its narrowing, each value with its label. */
export function chosenOf(search: Search, found: Found, t: Texts): { name: NarrowingName; value: string; label: string }[] {
  return narrowings.flatMap(({ name, facet }) => {
    const buckets = found.facets.find((f) => f.facet === facet)?.buckets ?? []
    return (search.chosen[name] ?? []).map((value) => ({
      name,
      value,
      label: labelOf(name, value, buckets.find((b) => b.value === value)?.label ?? value, t),
    }))
  })
}

// The words that cards have for the same come before those of the API.
function labelOf(name: NarrowingName, value: string, label: string, t: Texts): string {
  switch (name) {
    case 'soort':
      return { PROJECT: t.kind.Project, PROCESS_TEMPLATE: t.kind.ProcessTemplate, LESSON: t.kind.Lesson, OTHER: t.kind.OtherRecord }[value] ?? label
    case 'status':
      return t.phase[value as keyof Texts['phase']] ?? label
    case 'grootte':
      return t.sizeClass[value as keyof Texts['sizeClass']] ?? label
    case 'stedelijkheid':
      return t.urbanity[Number(value)] || label
    case 'gebruikt':
    case 'begin':
      return t.search.yes
    default:
      return label
  }
}

/** What finds more, without what is said in another place: other spellings, and filters without a name. */
export function stepsOf(search: Search, found: Found): Found['nextSteps'] {
  return found.nextSteps.filter((s) => s.facet || (s.query && s.query !== search.words && s.query !== found.suggestion))
}
