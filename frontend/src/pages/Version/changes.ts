import type { ComparedStepFragment, MinimalTeamFragment } from '../../graphql/generated/graphql'
import type { Texts } from '../../taal'

/** Text that stayed, came or went. */
export interface Piece {
  kind: 'same' | 'added' | 'removed'
  text: string
}

/** A line of text and what it is known by, so that it can be found again in another version. */
type Line = [key: string, text: string]

/** What is different in one part of a step, line by line. */
export interface Change {
  part: keyof Texts['template']['parts']
  lines: Piece[][]
}

/** What is different between two versions of a step. `titles` are the names of all steps by their key. */
export function changesOf(before: ComparedStepFragment, after: ComparedStepFragment, titles: Map<string, string>, t: Texts): Change[] {
  const all: Change['part'][] = ['title', 'purpose', 'when', 'raci', 'checklist', 'deliverables']
  const was = partsOf(before, titles, t)
  const is = partsOf(after, titles, t)
  return all.map((part) => ({ part, lines: changedLines(was[part], is[part]) })).filter((c) => c.lines.length > 0)
}

/** What is different in the team that a project needs. */
export function teamChanges(before: MinimalTeamFragment[], after: MinimalTeamFragment[], t: Texts): Piece[][] {
  const lines = (team: MinimalTeamFragment[]) => team.map(({ role, minimum }): Line => [role.id, t.template.seat(minimum, role.label)])
  return changedLines(lines(before), lines(after))
}

function partsOf(step: ComparedStepFragment, titles: Map<string, string>, t: Texts): Record<Change['part'], Line[]> {
  const w = t.template
  const named = (key: string) => titles.get(key) ?? key
  const when: Line[] = [
    ...step.startsAfter.map((key): Line => ['after ' + key, w.afterNamed(named(key))]),
    ...step.parallelWith.map((key): Line => ['beside ' + key, w.parallelNamed(named(key))]),
  ]
  if (step.iterative) when.push(['iterative', w.iterative])
  if (step.optional) when.push(['optional', w.optional])
  if (step.guideDays) when.push(['days', w.days(step.guideDays)])
  const roles = new Map<string, string>()
  for (const { role, raci } of step.raci) roles.set(role.id, (roles.has(role.id) ? roles.get(role.id) + ', ' : role.label + ': ') + w.raci[raci].toLowerCase())
  return {
    title: [['', step.title]],
    purpose: step.purpose ? [['', step.purpose]] : [],
    when,
    raci: [...roles],
    checklist: step.checklist.map((c) => [c.key, c.required ? `${c.text} (${w.required})` : c.text]),
    deliverables: step.deliverables.map((d) => [d.id, d.label]),
  }
}

function changedLines(before: Line[], after: Line[]): Piece[][] {
  const was = new Map(before)
  const is = new Map(after)
  const out: Piece[][] = []
  for (const [key, text] of is) {
    const old = was.get(key)
    if (old === undefined) out.push([{ kind: 'added', text }])
    else if (old !== text) out.push(wordsOf(old, text))
  }
  for (const [key, text] of was) if (!is.has(key)) out.push([{ kind: 'removed', text }])
  return out
}

// The server renders in an interpreter: beyond a table of this many words by words it is quicker to read both texts.
const maxCells = 3_000

/** The words that came and went between two texts. Texts with little in common are given whole: that reads better. */
export function wordsOf(before: string, after: string): Piece[] {
  // No regular expression: the server's interpreter takes a millisecond for one.
  const a = before.split(' ')
  const b = after.split(' ')
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const was = a.slice(start, a.length - end)
  const is = b.slice(start, b.length - end)
  if (was.length * is.length > maxCells || (start + end + shared(was, is)) * 2 < Math.min(a.length, b.length)) {
    return [
      { kind: 'removed', text: before },
      { kind: 'added', text: after },
    ]
  }
  const common = commonWords(was, is)
  const out: Piece[] = []
  const add = (kind: Piece['kind'], ...words: string[]) => {
    const last = out[out.length - 1]
    if (words.length === 0) return
    if (last?.kind === kind) last.text += ' ' + words.join(' ')
    else out.push({ kind, text: words.join(' ') })
  }
  add('same', ...a.slice(0, start))
  let i = 0
  let j = 0
  while (i < was.length || j < is.length) {
    if (i < was.length && j < is.length && was[i] === is[j]) {
      add('same', was[i++])
      j++
    } else if (i < was.length && (j === is.length || common[i + 1][j] >= common[i][j + 1])) add('removed', was[i++])
    else add('added', is[j++])
  }
  add('same', ...a.slice(a.length - end))
  return out
}

/** How many words two texts share, wherever they stand: at least as many as in order. */
function shared(a: string[], b: string[]): number {
  const left = new Map<string, number>()
  for (const word of a) left.set(word, (left.get(word) ?? 0) + 1)
  let n = 0
  for (const word of b) {
    const there = left.get(word) ?? 0
    if (there > 0) n++
    left.set(word, there - 1)
  }
  return n
}

/** How many words two texts have in common, in order, from word i of the one and word j of the other. */
function commonWords(a: string[], b: string[]): number[][] {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i--) {
    const [word, row, below] = [a[i], table[i], table[i + 1]]
    for (let j = b.length - 1; j >= 0; j--) row[j] = word === b[j] ? below[j + 1] + 1 : Math.max(below[j], row[j + 1])
  }
  return table
}
