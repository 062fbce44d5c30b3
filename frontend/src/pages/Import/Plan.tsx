import { useEffect, useRef, useState } from 'preact/hooks'
import { Failed } from '../../features/Failed'
import type { Failure } from '../../graphql/ask'
import { Button, H, Notice, P } from '../../ui'
import { Choice } from '../../ui/Choice'
import { Field } from '../../ui/Field'
import { useWhere } from '../../where'
import { Mapping } from './Mapping'
import { Rows } from './Rows'
import { previewImport, type Preview, type Settings } from './sheets'

const patience = 300 // milliseconds without another choice before we look

/** What an import would do, and the choices about it. */
export function Plan({ id, onRun }: { id: string; onRun: (settings: Settings) => void }) {
  const { t } = useWhere()
  const words = t.sheet
  const [plan, setPlan] = useState<Preview>()
  const [settings, setSettings] = useState<Partial<Settings>>({ language: 'nl' }) // the rest is guessed
  const [from, setFrom] = useState(0)
  const [problem, setProblem] = useState<string>()
  const [failure, setFailure] = useState<Failure>()
  const [isBusy, setBusy] = useState(true)
  const isFirst = useRef(true)
  useEffect(() => {
    const visit = new AbortController()
    setBusy(true)
    const look = async () => {
      const { data, problem, failure } = await previewImport(id, settings, from, visit.signal)
      setProblem(problem)
      setFailure(failure)
      if (data) setPlan(data)
      setBusy(false)
    }
    const timer = setTimeout(() => void look().catch(() => {}), isFirst.current ? 0 : patience) // aborted: there is a later choice
    isFirst.current = false
    return () => {
      clearTimeout(timer)
      visit.abort()
    }
  }, [id, settings, from])
  const now = { ...plan?.settings, ...settings } as Settings
  const put = (changes: Partial<Settings>) => {
    setFrom(0)
    setSettings({ ...now, ...changes })
  }
  return (
    <>
      <div role="alert">
        {problem && (
          <Notice tone="warn" title={words.notDone}>
            {problem}
          </Notice>
        )}
      </div>
      <Failed why={failure} />
      <p class="plein-hidden" role="status">
        {isBusy ? words.looking : plan && words.counts(plan.counts)}
      </p>
      {plan && (
        <>
          <P>{words.planLead}</P>
          <Mapping plan={plan} settings={now} onChange={put} />
          <H level={3}>{words.choices}</H>
          <Choices settings={now} onChange={put} />
          <Rows plan={plan} from={from} isBusy={isBusy} onTurn={setFrom} />
          <p class="plein-actions">
            <Button type="button" disabled={isBusy || Boolean(problem) || Boolean(failure)} onClick={() => onRun(now)}>
              {words.run}
            </Button>
          </p>
          <P>{words.runText}</P>
        </>
      )}
    </>
  )
}

function Choices({ settings, onChange }: { settings: Settings; onChange: (changes: Partial<Settings>) => void }) {
  const { t } = useWhere()
  const words = t.sheet
  const isSaid = (field: string) => Object.values(settings.mapping).includes(field)
  return (
    <div class="plein-form">
      {!isSaid('kind') && (
        <Field id="soort" label={words.kind}>
          {(props) => (
            <select {...props} value={settings.kind} onChange={(e) => onChange({ kind: e.currentTarget.value as Settings['kind'] })}>
              <option value="PROJECT">{words.kinds.PROJECT}</option>
              <option value="LESSON">{words.kinds.LESSON}</option>
            </select>
          )}
        </Field>
      )}
      {!isSaid('contentLanguage') && (
        <Field id="taal" label={words.language}>
          {(props) => (
            <select {...props} value={settings.language} onChange={(e) => onChange({ language: e.currentTarget.value as Settings['language'] })}>
              <option value="nl">{words.languages.nl}</option>
              <option value="en">{words.languages.en}</option>
            </select>
          )}
        </Field>
      )}
      <fieldset class="plein-field">
        <legend>{words.which}</legend>
        <Choice id="problemen" label={words.skipProblems} hint={words.skipProblemsHint} type="checkbox" checked={settings.skipProblems} onChange={(e) => onChange({ skipProblems: e.currentTarget.checked })} />
        <Choice id="dubbel" label={words.includeDuplicates} hint={words.includeDuplicatesHint} type="checkbox" checked={settings.includeDuplicates} onChange={(e) => onChange({ includeDuplicates: e.currentTarget.checked })} />
      </fieldset>
    </div>
  )
}
