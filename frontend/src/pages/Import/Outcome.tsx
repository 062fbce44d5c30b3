import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Failed } from '../../features/Failed'
import { Told } from '../../features/Told'
import type { Failure } from '../../graphql/ask'
import { datum, tijd } from '../../taal'
import { A, Button, H, Notice, P } from '../../ui'
import { useWhere } from '../../where'
import { undoImport, type Result, type Undone } from './sheets'

const first = 50 // rows, before somebody asks for all

/** What an import did, and the way to undo it. */
export function Outcome({ of, onUndone }: { of: Result; onUndone: () => void }) {
  const { t, path, language } = useWhere()
  const words = t.sheet
  const [undone, setUndone] = useState<Undone>()
  const at = (iso: string) => words.at(datum(iso, language), tijd(iso))
  return (
    <>
      <Told>{undone ? words.undone(undone.removed) : ''}</Told>
      {undone && undone.kept.length > 0 && (
        <Notice title={words.kept(undone.kept.length)}>
          <ul class="plein-ways">
            {undone.kept.map(({ id, title, why }) => (
              <li key={id}>
                <A to={`/publiceren/${id}`}>{title}</A>: {why}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <p class="plein-meta">
        {of.ranAt && words.ranAt(at(of.ranAt))} {of.undoneAt && words.undoneAt(at(of.undoneAt), of.removed)}
      </p>
      {of.state === 'DONE' && (
        <P lead>
          {words.made(of.made.length)} {of.made.length > 0 && words.madeText}
        </P>
      )}
      {of.state === 'DONE' && of.made.length === 0 && (
        <p>
          <A to={path}>{words.back}</A>
        </p>
      )}
      {of.state === 'UNDONE' && of.made.length > 0 && !undone && <P>{words.stillThere}</P>}
      <Some of={(undone ? [] : of.made).map(({ id, row, title }) => ({ key: id, shown: <MadeRow id={id} row={row} title={title} /> }))} label={words.madeTitle} />
      {of.skipped.length > 0 && <H level={3}>{words.skippedCount(of.skipped.length)}</H>}
      <Some of={of.skipped.map(({ row, why }) => ({ key: String(row), shown: `${words.row(row)}: ${why}` }))} label={words.skippedCount(of.skipped.length)} />
      {of.state === 'DONE' && of.made.length > 0 && (
        <Undo
          of={of}
          onDone={(done) => {
            setUndone(done)
            onUndone()
          }}
        />
      )}
    </>
  )
}

function MadeRow({ id, row, title }: { id: string; row: number; title: string }) {
  const words = useWhere().t.sheet
  return (
    <>
      <A to={`/publiceren/${id}`}>{title || words.untitled}</A> <span class="plein-meta">{words.row(row)}</span>
    </>
  )
}

/** A list of which the beginning is shown until somebody asks for all. */
function Some({ of, label }: { of: { key: string; shown: ComponentChildren }[]; label: string }) {
  const words = useWhere().t.sheet
  const [isAll, setAll] = useState(false)
  if (of.length === 0) return null
  return (
    <>
      <ul class="plein-ways" aria-label={label}>
        {of.slice(0, isAll ? undefined : first).map(({ key, shown }) => (
          <li key={key}>{shown}</li>
        ))}
      </ul>
      {!isAll && of.length > first && (
        <p>
          <Button type="button" kind="secondary" onClick={() => setAll(true)}>
            {words.all(of.length)}
          </Button>
        </p>
      )}
    </>
  )
}

function Undo({ of, onDone }: { of: Result; onDone: (done: Undone) => void }) {
  const { t } = useWhere()
  const words = t.sheet
  const [problem, setProblem] = useState<string>()
  const [failure, setFailure] = useState<Failure>()
  const [isBusy, setBusy] = useState(false)
  const undo = async () => {
    setBusy(true)
    const { data, problem, failure } = await undoImport(of.id)
    setBusy(false)
    setProblem(problem)
    setFailure(failure)
    if (data) onDone(data)
  }
  return (
    <details class="plein-undo">
      <summary>{words.undo}</summary>
      <P>{words.undoGoes(of.made.length)}</P>
      <P>{words.undoStays}</P>
      <Failed why={failure} />
      <div role="alert">{problem && <p class="plein-field__error">{problem}</p>}</div>
      <Button type="button" kind="secondary" disabled={isBusy} onClick={() => void undo()}>
        {words.undoNow}
      </Button>{' '}
      <span role="status">{isBusy && words.busy}</span>
    </details>
  )
}
