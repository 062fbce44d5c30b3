import { useEffect, useRef } from 'preact/hooks'
import { datum } from '../../taal'
import { A, Badge, Button, Facts, H, List } from '../../ui'
import { useWhere } from '../../where'
import { rowsShown, type Finding, type Preview, type Row as SheetRow } from './sheets'

/** The rows of a sheet as they would come in, a stretch at a time. */
export function Rows({ plan, from, isBusy, onTurn }: { plan: Preview; from: number; isBusy: boolean; onTurn: (from: number) => void }) {
  const { t } = useWhere()
  const words = t.sheet
  const turned = useRef(false)
  useEffect(() => {
    if (turned.current) document.getElementById('rijen')?.focus()
    turned.current = false
  }, [plan])
  const turn = (to: number) => {
    turned.current = true
    onTurn(to)
  }
  const last = Math.min(from + rowsShown, plan.rows)
  return (
    <section aria-labelledby="rijen" aria-busy={isBusy}>
      <H level={3} id="rijen" tabIndex={-1}>
        {words.rowsTitle}
      </H>
      <p>{words.counts(plan.counts)}</p>
      {plan.rows > rowsShown && <p class="plein-meta">{words.shown(from + 1, last, plan.rows)}</p>}
      <ul class="plein-tasks">
        {plan.preview.map((row) => (
          <li key={row.row}>
            <Row of={row} />
          </li>
        ))}
      </ul>
      {plan.rows > rowsShown && (
        <p class="plein-actions">
          <Button type="button" kind="secondary" disabled={from === 0 || isBusy} onClick={() => turn(from - rowsShown)}>
            {words.before}
          </Button>
          <Button type="button" kind="secondary" disabled={last >= plan.rows || isBusy} onClick={() => turn(from + rowsShown)}>
            {words.next}
          </Button>
        </p>
      )}
    </section>
  )
}

const tones = { NEW: 'good', PROBLEM: 'warn', DUPLICATE: 'busy' } as const

function Row({ of }: { of: SheetRow }) {
  const { t, language } = useWhere()
  const words = t.sheet
  const day = (date: string | undefined) => date && datum(date, language)
  return (
    <>
      <Badge tone={of.willBeSkipped ? undefined : tones[of.state]}>{of.willBeSkipped ? words.skipped : words.rowStates[of.state]}</Badge>
      <div>
        <p class="plein-meta">
          {words.row(of.row)} · {words.kinds[of.kind]}
        </p>
        <H level={4} class="plein-tasks__name">
          {of.title || words.untitled}
        </H>
        {of.duplicate && (
          <p>
            {of.duplicate.message} {of.duplicate.id && <A to={`/publiceren/${of.duplicate.id}`}>{words.lookAt}</A>}
          </p>
        )}
        {of.problems.length > 0 && (
          <ul class="plein-ways">
            {of.problems.map((problem, i) => (
              <li key={i}>
                <Problem of={problem} />
              </li>
            ))}
          </ul>
        )}
        <details>
          <summary>
            {words.contents}
            <span class="plein-hidden">: {words.row(of.row)}</span>
          </summary>
          <Facts
            facts={[
              [words.fields.question, of.question],
              [words.fields.summary, of.summary],
              [words.fields.phase, of.phase],
              [words.fields.startedOn, day(of.startedOn)],
              [words.fields.finishedOn, day(of.finishedOn)],
              [words.fields.municipalities, of.municipalities && <List of={of.municipalities} />],
              [words.fields.policyDomains, of.policyDomains && <List of={of.policyDomains} />],
              [words.fields.methods, of.methods && <List of={of.methods} />],
              [words.fields.steps, of.steps && <List of={of.steps} />],
            ]}
          />
        </details>
      </div>
    </>
  )
}

function Problem({ of }: { of: Finding }) {
  const words = useWhere().t.sheet
  return (
    <>
      {of.column && <strong>{words.column(of.column, of.heading ?? '')}: </strong>}
      {of.message} {of.blocking && words.blocking}
      {of.warning && words.warning}
    </>
  )
}
