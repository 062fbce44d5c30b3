import { useState } from 'preact/hooks'
import { Choose } from '../../features/authoring/Choices'
import { noteAt, offered, useDesk, useWords } from '../../features/authoring/desk'
import { carryOut } from '../../features/authoring/link'
import { Markdown } from '../../features/authoring/Markdown'
import { Adder, Entry, Gone, Row, Selection, useNew } from '../../features/authoring/Rows'
import { Day, Line, Note } from '../../features/authoring/Text'
import { inputOf, partOf, valuesIn, type WorkingProject } from '../../features/authoring/values'
import { Failed } from '../../features/Failed'
import { PolicyUseAddDocument, PolicyUseRemoveDocument, type PolicyUseAddInput } from '../../graphql/generated/graphql'
import { P } from '../../ui'
import { useLang } from './Subject'
import { usePart } from './part'

/** What was done with the answer. */
export function Uses() {
  const words = useWords()
  const { copy, lists } = useDesk()
  const lang = useLang()
  const { policyUses } = copy.record as WorkingProject
  const { act, failure, wrong } = usePart()
  const [gone, setGone] = useState<{ title: string; input: Omit<PolicyUseAddInput, 'revision'> }>()
  const remove = async (id: string) => {
    const { input } = inputOf(valuesIn(copy.values(), partOf('policyUses', id)))
    const isGone = await act((revision) => carryOut(PolicyUseRemoveDocument, { input: { id, revision } }))
    if (isGone) setGone({ title: String(input.title), input: { ...(input as unknown as PolicyUseAddInput), project: copy.record.id, lang: copy.record.contentLanguage } })
  }
  const restore = async () => {
    if (await act((revision) => carryOut(PolicyUseAddDocument, { input: { ...gone!.input, revision } }))) setGone(undefined)
  }
  return (
    <>
      <P>{words.hints.uses}</P>
      <Failed why={failure} />
      {wrong[''] && (
        <p class="plein-field__error" role="alert">
          {wrong['']}
        </p>
      )}
      <Note text={noteAt(copy, 'policyUses')} />
      {policyUses.map((use) => {
        const at = partOf('policyUses', use.id)
        const title = copy.value(at + 'title') as string
        return (
          <Row key={use.id} title={title || words.nothing} lang={title ? lang : undefined} onRemove={() => void remove(use.id)}>
            <Choose name={at + 'kind'} label={words.labels.useKind} options={offered(lists.useKinds, [use.kind.id])} />
            <Line name={at + 'title'} label={words.labels.useTitle} lang={lang} />
            <Line name={at + 'body'} label={words.labels.body} hint={words.hints.body} lang={lang} />
            <Day name={at + 'decidedOn'} label={words.labels.decidedOn} hint={words.hints.optional} />
            <Line name={at + 'documentUrl'} label={words.labels.documentUrl} hint={words.hints.optional} type="url" maxLength={2_000} />
            <Markdown name={at + 'description'} label={words.labels.description} hint={words.hints.optional} lang={lang} rows={4} maxLength={5_000} />
          </Row>
        )
      })}
      <Gone title={gone?.title} onRestore={() => void restore()} />
      <NewUse />
    </>
  )
}

function NewUse() {
  const words = useWords()
  const { labels, problems } = words
  const { copy, lists } = useDesk()
  const { row, put, clear } = useNew('policyUses', { kind: '', title: '' })
  const [isTried, setTried] = useState(false)
  const { act, failure, wrong } = usePart()
  const add = async () => {
    setTried(true)
    if (!row.kind || !row.title.trim()) return false
    const { id, contentLanguage } = copy.record
    const isDone = await act((revision) => carryOut(PolicyUseAddDocument, { input: { project: id, revision, lang: contentLanguage, ...row } }, '+'))
    if (!isDone) return false
    clear()
    setTried(false)
    return true
  }
  return (
    <Adder title={words.newUse} onAdd={add}>
      <Failed why={failure} />
      {wrong[''] && <p class="plein-field__error">{wrong['']}</p>}
      <Selection id="gebruik-soort" label={labels.useKind} none={words.choose} options={offered(lists.useKinds, [])} error={isTried && !row.kind ? problems.choose : wrong.kind} value={row.kind} onType={(kind) => put({ kind })} />
      <Entry id="gebruik-titel" label={labels.useTitle} error={isTried && !row.title.trim() ? problems.title : wrong.title} value={row.title} onType={(title) => put({ title })} />
    </Adder>
  )
}
