import { useState } from 'preact/hooks'
import { useValue, useWords } from '../../features/authoring/desk'
import { findExamples } from '../../features/authoring/find'
import type { Named } from '../../features/authoring/merge'
import { Pick, Picked } from '../../features/authoring/Pick'
import { Adder, Rows, Selection, useNew } from '../../features/authoring/Rows'
import { typed, type Example } from '../../features/authoring/values'
import type { ReuseKind } from '../../graphql/generated/graphql'
import { P } from '../../ui'
import { Field } from '../../ui/Field'
import { useLang } from './Subject'

/** The projects that this one was made after. */
export function BasedOn() {
  const words = useWords()
  const { labels, hints } = words
  const lang = useLang()
  const kinds = useKinds()
  return (
    <>
      <P>{hints.basedOn}</P>
      <Rows<Example> name="basedOn" label={labels.basedOn} titleOf={({ subject }) => subject.name}>
        {(example, put, id, save) => (
          <>
            <Selection id={`${id}-soort`} label={labels.reuseKind} options={kinds} value={example.kind} onType={(kind) => put({ ...example, kind: kind as ReuseKind })} onLeave={save} />
            <Field id={`${id}-anders`} label={labels.whatWeDidDifferently} hint={hints.whatWeDidDifferently}>
              {(props) => <textarea {...props} rows={3} maxLength={5_000} lang={lang} value={example.whatWeDidDifferently} onInput={(e) => put({ ...example, whatWeDidDifferently: typed(e.currentTarget.value) })} onBlur={save} />}
            </Field>
          </>
        )}
      </Rows>
      <NewExample />
    </>
  )
}

/** The kinds of reuse to choose from. */
function useKinds(): { id: string; label: string }[] {
  return Object.entries(useWords().reuseKinds).map(([id, label]) => ({ id, label }))
}

function NewExample() {
  const words = useWords()
  const { labels, hints, problems } = words
  const { value, set, save } = useValue<readonly Example[]>('basedOn')
  const { row, put, clear } = useNew<{ subject: Named | null; kind: string }>('basedOn', { subject: null, kind: '' })
  const [isTried, setTried] = useState(false)
  const isThere = value.some(({ subject }) => subject.id === row.subject?.id)
  const lacking = !row.subject ? problems.project : isThere ? problems.projectTwice : undefined
  const kinds = useKinds()
  const add = () => {
    setTried(true)
    if (lacking || !row.subject || !row.kind) return false
    set([...value, { subject: row.subject, kind: row.kind as ReuseKind, whatWeDidDifferently: '' }])
    save()
    clear()
    setTried(false)
    return true
  }
  return (
    <Adder title={words.newExample} onAdd={add}>
      <Pick label={labels.example} hint={hints.example} error={isTried ? lacking : undefined} find={findExamples} onPick={(subject) => put({ subject })} />
      <Picked of={row.subject ? [row.subject] : []} label={labels.example} onRemove={() => put({ subject: null })} />
      <Selection id="voorbeeld-soort" label={labels.reuseKind} none={words.choose} options={kinds} error={isTried && !row.kind ? problems.choose : undefined} value={row.kind} onType={(kind) => put({ kind })} />
    </Adder>
  )
}
