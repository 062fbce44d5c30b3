import { useState } from 'preact/hooks'
import { Choose } from '../../features/authoring/Choices'
import { noteAt, offered, useDesk, useValue, useWords } from '../../features/authoring/desk'
import { Conflict } from '../../features/authoring/Conflict'
import { FileField, Files } from '../../features/authoring/Files'
import { carryOut } from '../../features/authoring/link'
import { Markdown } from '../../features/authoring/Markdown'
import type { Named } from '../../features/authoring/merge'
import { OrganizationField } from '../../features/authoring/Organization'
import { Picked } from '../../features/authoring/Pick'
import { Adder, Entry, Gone, Row, Selection, useNew } from '../../features/authoring/Rows'
import { Day, Line, Note } from '../../features/authoring/Text'
import { inputOf, partOf, valuesIn, type WorkingProject } from '../../features/authoring/values'
import { Failed } from '../../features/Failed'
import { OutputAddDocument, OutputRemoveDocument, type OutputAddInput } from '../../graphql/generated/graphql'
import { datum } from '../../taal'
import { Badge, Notice, P } from '../../ui'
import { useWhere } from '../../where'
import { useLang } from './Subject'
import { usePart } from './part'

type Output = WorkingProject['outputs'][number]

/** What the project delivered. */
export function Outputs() {
  const words = useWords()
  const { copy, lists } = useDesk()
  const lang = useLang()
  const { outputs } = copy.record as WorkingProject
  const { act, failure, wrong } = usePart()
  const [sent, setSent] = useState(0)
  const [gone, setGone] = useState<{ title: string; input: Omit<OutputAddInput, 'revision'> }>()
  const remove = async (o: Output) => {
    const { input } = inputOf(valuesIn(copy.values(), partOf('outputs', o.id)))
    const title = String(input.title)
    const isGone = await act((revision) => carryOut(OutputRemoveDocument, { input: { id: o.id, revision } }))
    if (isGone) setGone({ title, input: { ...(input as unknown as OutputAddInput), project: copy.record.id, lang: copy.record.contentLanguage } })
  }
  const restore = async () => {
    if (await act((revision) => carryOut(OutputAddDocument, { input: { ...gone!.input, revision } }))) setGone(undefined)
  }
  return (
    <>
      <Notice title={words.duty.title}>
        <P>{words.duty.text}</P>
      </Notice>
      <Failed why={failure} />
      {wrong[''] && (
        <p class="plein-field__error" role="alert">
          {wrong['']}
        </p>
      )}
      <Note text={noteAt(copy, 'outputs')} />
      {outputs.map((o) => {
        const at = partOf('outputs', o.id)
        const title = copy.value(at + 'title') as string
        return (
          <Row key={o.id} title={title || words.nothing} lang={title ? lang : undefined} onRemove={() => void remove(o)}>
            <Duty of={o} />
            <Choose name={at + 'kind'} label={words.labels.kind} options={offered(lists.outputKinds, [o.kind.id])} />
            <Line name={at + 'title'} label={words.labels.title} lang={lang} />
            <Line name={at + 'url'} label={words.labels.url} hint={words.hints.url} type="url" maxLength={2_000} />
            <Upload name={at + 'file'} id={`bestand-${o.id}`} onSent={() => setSent(sent + 1)} />
            <Producer name={at + 'producedBy'} />
            <Day name={at + 'deliveredOn'} label={words.labels.deliveredOn} hint={words.hints.deliveredOn} />
            <Day name={at + 'publishedOn'} label={words.labels.publishedOn} hint={words.hints.publishedOn} />
            <Markdown name={at + 'description'} label={words.labels.description} hint={words.hints.optional} lang={lang} rows={4} maxLength={5_000} />
            <Choose name={at + 'license'} label={words.labels.license} options={offered(lists.licenses, [o.license?.id ?? ''])} none={words.noChoice} />
          </Row>
        )
      })}
      <Gone title={gone?.title} onRestore={() => void restore()} />
      <NewOutput onSent={() => setSent(sent + 1)} />
      <Files sent={sent} />
    </>
  )
}

/** What has to become public and when: a fact, not a choice. */
function Duty({ of: o }: { of: Output }) {
  const { t, language } = useWhere()
  const words = t.authoring.duty
  if (!o.mustBecomePublic || !o.dutyState) return null
  const day = o.dueOn ? datum(o.dueOn, language) : ''
  return (
    <p>
      <Badge tone={o.isOverdue ? 'warn' : o.dutyState === 'PUBLIC' ? 'good' : 'busy'}>{o.isOverdue ? words.overdue(day) : words.states[o.dutyState](day)}</Badge> {words.fact(o.producedBy.name)}
    </p>
  )
}

function Producer({ name }: { name: string }) {
  const { labels, hints } = useWords()
  const { value, set, save, error } = useValue<Named | null>(name)
  const choose = (one: Named | null) => {
    set(one)
    save()
  }
  return <OrganizationField label={labels.producedBy} hint={hints.producedBy} error={error} value={value} onChange={choose} />
}

/** The file that the output is, and the way to send one. */
function Upload({ name, id, onSent }: { name: string; id: string; onSent: () => void }) {
  const { labels } = useWords()
  const { value, set, save, isSplit } = useValue<Named | null>(name)
  if (isSplit) return <Conflict name={name} label={labels.file} />
  const choose = (file: Named | null) => {
    set(file)
    save()
  }
  return (
    <>
      <FileField
        id={id}
        onDone={(file) => {
          choose({ id: file.id, name: file.name })
          onSent()
        }}
      />
      <Picked of={value ? [value] : []} label={labels.file} onRemove={() => choose(null)} />
    </>
  )
}

function NewOutput({ onSent }: { onSent: () => void }) {
  const words = useWords()
  const { labels, hints, problems } = words
  const { copy, lists } = useDesk()
  const { id, contentLanguage, publisher } = copy.record
  const { row, put, clear } = useNew<{ kind: string; title: string; url: string; file: Named | null; producedBy: Named | null; deliveredOn: string }>('outputs', {
    kind: '',
    title: '',
    url: '',
    file: null,
    producedBy: { id: publisher.id, name: publisher.name },
    deliveredOn: '',
  })
  const [isTried, setTried] = useState(false)
  const { act, failure, wrong } = usePart()
  const outputs = (copy.record as WorkingProject).outputs.length // one more: what was said of its file is over
  const add = async () => {
    setTried(true)
    const { kind, title, producedBy } = row
    if (!kind || !title.trim() || !producedBy) return false
    const input = { project: id, lang: contentLanguage, kind, title, producedBy: producedBy.id, url: row.url || null, file: row.file?.id ?? null, deliveredOn: row.deliveredOn || null }
    const isDone = await act((revision) => carryOut(OutputAddDocument, { input: { ...input, revision } }, '+'))
    if (!isDone) return false
    clear()
    setTried(false)
    return true
  }
  const lacks = (is: unknown, message: string) => (isTried && !is ? message : undefined)
  return (
    <Adder title={words.newOutput} onAdd={add}>
      <Failed why={failure} />
      {wrong[''] && <p class="plein-field__error">{wrong['']}</p>}
      <Selection id="product-soort" label={labels.kind} none={words.choose} options={offered(lists.outputKinds, [])} error={lacks(row.kind, problems.choose) ?? wrong.kind} value={row.kind} onType={(kind) => put({ kind })} />
      <Entry id="product-titel" label={labels.title} error={lacks(row.title.trim(), problems.title) ?? wrong.title} value={row.title} onType={(title) => put({ title })} />
      <Entry id="product-adres" type="url" label={labels.url} hint={hints.url} error={wrong.url} maxLength={2_000} value={row.url} onType={(url) => put({ url: url.trim() })} />
      <FileField
        key={outputs}
        id="product-bestand"
        onDone={(file) => {
          put({ file: { id: file.id, name: file.name } })
          onSent()
        }}
      />
      <Picked of={row.file ? [row.file] : []} label={labels.file} onRemove={() => put({ file: null })} />
      <OrganizationField label={labels.producedBy} hint={hints.producedBy} error={lacks(row.producedBy, problems.producer)} value={row.producedBy} onChange={(producedBy) => put({ producedBy })} />
      <Entry id="product-geleverd" type="date" label={labels.deliveredOn} hint={hints.deliveredOn} error={wrong.deliveredOn} value={row.deliveredOn} onType={(deliveredOn) => put({ deliveredOn })} />
    </Adder>
  )
}
