import { useEffect, useState } from 'preact/hooks'
import { Failed } from '../../features/Failed'
import type { Failure } from '../../graphql/ask'
import { datum, tijd } from '../../taal'
import { A, Badge, Button, H, P } from '../../ui'
import { Field } from '../../ui/Field'
import { useWhere } from '../../where'
import { listImports, uploadSheet, type Import } from './sheets'

const most = 5 * 1024 * 1024 // bytes

/** The way to bring in a spreadsheet, and those that were brought in before. */
export function Start({ organization, onSent }: { organization: string; onSent: () => void }) {
  const { t } = useWhere()
  const words = t.sheet
  const [imports, setImports] = useState<Import[]>()
  const [failure, setFailure] = useState<Failure>()
  useEffect(() => {
    void listImports(organization).then(({ data, failure }) => {
      setImports(data?.imports ?? [])
      setFailure(failure)
    })
  }, [organization])
  return (
    <>
      <P lead>{words.lead}</P>
      {imports && (
        <details open={imports.length === 0}>
          <summary>{words.help.title}</summary>
          <ol class="plein-ways">
            {words.help.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
          <P>{words.help.file}</P>
        </details>
      )}
      <P>
        {words.template}{' '}
        <A to="/imports/sjabloon.xlsx" download>
          {words.templateXlsx}
        </A>{' '}
        {words.or}{' '}
        <A to="/imports/sjabloon.csv" download>
          {words.templateCsv}
        </A>
        .
      </P>
      <Upload organization={organization} onSent={onSent} />
      <section aria-labelledby="eerder">
        <H level={2} id="eerder">
          {words.earlier}
        </H>
        <Failed why={failure} />
        {imports?.length === 0 && !failure && <P>{words.noneEarlier}</P>}
        <ul class="plein-tasks">
          {imports?.map((one) => (
            <li key={one.id}>
              <Earlier of={one} />
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}

function Upload({ organization, onSent }: { organization: string; onSent: () => void }) {
  const { t, go, href, path } = useWhere()
  const words = t.sheet
  const [error, setError] = useState<string>()
  const [failure, setFailure] = useState<Failure>()
  const [isBusy, setBusy] = useState(false)
  const send = async (event: SubmitEvent) => {
    event.preventDefault()
    const field = document.getElementById('bestand') as HTMLInputElement
    const file = field.files?.[0]
    setError(!file ? words.noFile : file.size > most ? words.tooLarge : undefined)
    if (!file || file.size > most) return field.focus()
    setBusy(true)
    const { data, problem, failure } = await uploadSheet(organization, file)
    setBusy(false)
    setError(problem)
    setFailure(failure)
    if (problem) field.focus()
    if (!data) return
    onSent()
    go!(`${href(path)}?import=${encodeURIComponent(data.id)}`)
  }
  return (
    <form class="plein-form" onSubmit={send} noValidate>
      <Failed why={failure} />
      <Field id="bestand" label={words.file} hint={words.fileHint} error={error}>
        {(props) => <input {...props} type="file" accept=".xlsx,.csv,.txt" required />}
      </Field>
      <Button type="submit" disabled={isBusy}>
        {words.look}
      </Button>{' '}
      <span role="status">{isBusy && words.reading}</span>
    </form>
  )
}

const tones = { UPLOADED: 'busy', RUNNING: 'busy', DONE: 'good', UNDONE: undefined } as const

function Earlier({ of }: { of: Import }) {
  const { t, path, language } = useWhere()
  const words = t.sheet
  return (
    <>
      <Badge tone={tones[of.state]}>{words.states[of.state]}</Badge>
      <div>
        <A to={`${path}?import=${encodeURIComponent(of.id)}`}>{of.fileName || words.nameless}</A>
        <p class="plein-meta">
          {words.at(datum(of.createdAt, language), tijd(of.createdAt))} · {words.rows(of.rows)}
        </p>
      </div>
    </>
  )
}
