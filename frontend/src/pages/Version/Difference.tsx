import type { ComparedStepFragment, DiffKind, MinimalTeamFragment } from '../../graphql/generated/graphql'
import { Marked } from '../../features/Marked'
import type { Piece } from '../../features/words'
import { Badge, H, names, P } from '../../ui'
import { useWhere } from '../../where'
import { changesOf, teamChanges, type Change } from './changes'

export interface StepDiff {
  key: string
  kind: DiffKind
  before: ComparedStepFragment | null
  after: ComparedStepFragment | null
}

type Team = MinimalTeamFragment[]

/** What a version has that another has not, and the other way round. */
export function Difference({ title, steps, teams: [teamBefore, teamAfter], lang }: { title: string; steps: StepDiff[]; teams: [before: Team, after: Team]; lang?: string }) {
  const { t } = useWhere()
  const kinds: DiffKind[] = ['ADDED', 'REMOVED', 'CHANGED', 'MOVED', 'UNCHANGED']
  const counts = kinds.map((kind) => [kind, steps.filter((s) => s.kind === kind).length] as const).filter(([, n]) => n > 0)
  const team = teamChanges(teamBefore, teamAfter, t)
  const isSame = team.length === 0 && steps.every((s) => s.kind === 'UNCHANGED')
  const titles = new Map(steps.map((s): [string, string] => [s.key, (s.after ?? s.before)!.title]))
  return (
    <section aria-labelledby="verschil">
      <H level={2} id="verschil">
        {title}
      </H>
      {isSame ? (
        <P>{t.template.same}</P>
      ) : (
        <>
          <ul class="plein-badges">
            {counts.map(([kind, n]) => (
              <li key={kind}>
                <Badge tone={tones[kind]}>
                  {t.template.stepCount(n)} {t.template.kinds[kind]}
                </Badge>
              </li>
            ))}
          </ul>
          <p class="plein-meta">{t.template.legend}</p>
          {team.length > 0 && (
            <>
              <H level={3}>{t.template.team}</H>
              <Lines of={team} />
            </>
          )}
          <ol class="plein-diff">
            {steps.map((step) => (
              <li key={step.key} class={names(step.kind === 'UNCHANGED' && 'plein-diff__same')}>
                <Step diff={step} titles={titles} lang={lang} />
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  )
}

const tones: Partial<Record<DiffKind, 'good' | 'warn' | 'busy'>> = { ADDED: 'good', REMOVED: 'warn', CHANGED: 'busy', MOVED: 'busy' }

function Step({ diff: { kind, before, after }, titles, lang }: { diff: StepDiff; titles: Map<string, string>; lang?: string }) {
  const { t } = useWhere()
  const step = (after ?? before)!
  return (
    <>
      <H level={3}>
        {after && <span class="plein-step__number">{t.template.step(after.position)}</span>} <span lang={lang}>{step.title}</span>{' '}
        <Badge tone={tones[kind]}>{t.template.kinds[kind]}</Badge>
      </H>
      {kind === 'ADDED' && <Whole step={step} mark="added" lang={lang} />}
      {kind === 'REMOVED' && (
        <>
          <P>{t.template.removedStep(step.position)}</P>
          <Whole step={step} mark="removed" lang={lang} />
        </>
      )}
      {before && after && before.position !== after.position && <P>{t.template.moved(before.position, after.position)}</P>}
      {kind === 'CHANGED' && <Changes before={before!} after={after!} titles={titles} lang={lang} />}
    </>
  )
}

/** A step that is there in one of the two versions only. */
function Whole({ step, mark, lang }: { step: ComparedStepFragment; mark: 'added' | 'removed'; lang?: string }) {
  const { t } = useWhere()
  return (
    <div lang={lang}>
      {step.purpose && (
        <p class="plein-diff__line">
          <Marked of={[{ kind: mark, text: step.purpose }]} words={t.template} />
        </p>
      )}
      {step.checklist.length > 0 && <Lines of={step.checklist.map((c): Piece[] => [{ kind: mark, text: c.text }])} />}
    </div>
  )
}

/** Parts in the words of the record; the others are in those of the page. */
const written: Change['part'][] = ['title', 'purpose', 'checklist']

function Changes({ before, after, titles, lang }: { before: ComparedStepFragment; after: ComparedStepFragment; titles: Map<string, string>; lang?: string }) {
  const { t } = useWhere()
  const changes = changesOf(before, after, titles, t)
  if (changes.length === 0) return before.position === after.position ? <P>{t.template.elsewhere}</P> : null
  return (
    <dl class="plein-facts">
      {changes.map(({ part, lines }) => (
        <div key={part}>
          <dt>{t.template.parts[part]}</dt>
          <dd lang={written.includes(part) ? lang : undefined}>{lines.length > 1 ? <Lines of={lines} /> : <Line of={lines[0]} />}</dd>
        </div>
      ))}
    </dl>
  )
}

function Lines({ of }: { of: Piece[][] }) {
  return (
    <ul class="plein-ways">
      {of.map((line, i) => (
        <li key={i}>
          <Line of={line} />
        </li>
      ))}
    </ul>
  )
}

function Line({ of }: { of: Piece[] }) {
  const { t } = useWhere()
  return (
    <span class="plein-diff__line">
      <Marked of={of} words={t.template} />
    </span>
  )
}
