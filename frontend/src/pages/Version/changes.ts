import type { ComparedStepFragment, MinimalTeamFragment } from '../../graphql/generated/graphql'
import { wordsOf, type Piece } from '../../features/words'
import type { Texts } from '../../taal'

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
