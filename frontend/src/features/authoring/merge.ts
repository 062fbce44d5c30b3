/** Something chosen by its id, with the name by which people know it. */
export interface Named {
  id: string
  name: string
}

/** What a field holds. The items of a list are compared as JSON: whoever makes them puts their fields in one order. */
export type Value = string | boolean | null | Named | readonly unknown[]

/** Values by the name of their field. */
export type Values = Record<string, Value>

/** What came of putting two people's work together. */
export interface Merged {
  /** What is mine and still has to be saved, also where it conflicts. */
  own: Values
  /** Fields that both changed in ways that do not go together, with what they were before. */
  conflicts: Values
  /** Lists that both changed and that went together. */
  joined: string[]
  /** Fields in which theirs is new and mine was not touched. */
  taken: string[]
  /** What is mine in a part that they took away. */
  lost: Values
}

/** Whether two values say the same. */
export const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)

/**
 * A three-way merge: `base` is what both began with, `mine` what I changed, `theirs` everything as it is now. Texts that
 * both changed are never mixed: that is for people.
 */
export function merge(base: Values, mine: Values, theirs: Values): Merged {
  const out: Merged = { own: {}, conflicts: {}, joined: [], lost: {}, taken: [] }
  for (const key of Object.keys(theirs)) {
    if (key in base && !(key in mine) && !isSame(base[key], theirs[key])) out.taken.push(key)
  }
  for (const [key, value] of Object.entries(mine)) {
    if (!(key in theirs)) out.lost[key] = value
    else if (isSame(value, theirs[key])) continue
    else if (isSame(base[key], theirs[key])) out.own[key] = value
    else {
      const together = mergeLists(base[key], value, theirs[key])
      out.own[key] = together ?? value
      if (together) out.joined.push(key)
      else out.conflicts[key] = base[key]
    }
  }
  return out
}

/** A choice is there or not; other items can be rewritten. */
const isChoice = (item: unknown): boolean => typeof item === 'string' || (item as Partial<Named>).id !== undefined

/** Both their changes in one list; undefined where both rewrote the same item, or where these are no lists. */
function mergeLists(base: Value, mine: Value, theirs: Value): readonly unknown[] | undefined {
  if (!Array.isArray(base) || !Array.isArray(mine) || !Array.isArray(theirs)) return undefined
  const [was, own, now] = [base, mine, theirs].map((list) => list.map((item) => JSON.stringify(item)))
  const mineGone = was.filter((item) => !own.includes(item))
  const mineNew = own.filter((item) => !was.includes(item))
  const theirsNew = now.filter((item) => !was.includes(item))
  const isRewritten = !base.every(isChoice) && mineGone.some((item) => !now.includes(item)) && mineNew.length > 0 && theirsNew.length > 0
  if (isRewritten) return undefined
  return [...now.filter((item) => !mineGone.includes(item)), ...mineNew.filter((item) => !now.includes(item))].map((item) => JSON.parse(item))
}
