import { useState } from 'preact/hooks'
import { useDecision } from '../../features/deciding'
import { Failed } from '../../features/Failed'
import { EmbargoExtendDocument, EmbargoLiftDocument, EmbargoPlaceDocument, type EmbargoScope } from '../../graphql/generated/graphql'
import { datum, moment, tijd } from '../../taal'
import { Button, H, P } from '../../ui'
import { Choice } from '../../ui/Choice'
import { errorAt, Errors, Field, type FieldError } from '../../ui/Field'
import { useWhere } from '../../where'
import type { Draft } from './page'

interface Deciding {
  draft: Draft
  done: (what: string) => void
}

const scopes: EmbargoScope[] = ['RESULTS', 'OUTPUTS', 'WHOLE_RECORD']

/** How many characters a reason has at the least. */
const shortest = 20

/** The form for a new embargo. */
export function Place({ draft, grounds, done }: Deciding & { grounds: { id: string; label: string }[] }) {
  const { t, language } = useWhere()
  const words = t.embargo
  const { errors, failure, isBusy, decide } = useDecision(() => done(t.person.failed.stale))
  const [reason, setReason] = useState('')
  const place = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const until = endIn(form)
    const input = {
      project: draft.id,
      revision: draft.revision!,
      scope: String(form.get('scope')) as EmbargoScope,
      ground: String(form.get('ground')),
      reason: String(form.get('reden')),
      until,
      waitsFor: String(form.get('wacht')).trim() || null,
    }
    if (await decide(EmbargoPlaceDocument, { input }, fields)) done(words.placed(datum(until, language), tijd(until)))
  }
  return (
    <section aria-labelledby="plaatsen">
      <H level={2} id="plaatsen">
        {words.place}
      </H>
      <form class="plein-form" onSubmit={place}>
        <Failed why={failure} />
        <Errors title={t.account.errors} errors={errors} />
        <fieldset class={errorAt(errors, 'scope') ? 'plein-field plein-field--wrong' : 'plein-field'}>
          <legend>{words.covers}</legend>
          {scopes.map((scope) => (
            <Choice key={scope} type="radio" name="scope" id={scope} value={scope} required label={words.scopes[scope].label} hint={words.scopes[scope].hint} />
          ))}
        </fieldset>
        <Field id="ground" label={words.ground} hint={words.isPublic} error={errorAt(errors, 'ground')}>
          {(props) => (
            <select {...props} name="ground" required>
              <option value="">{words.choose}</option>
              {grounds.map(({ id, label }) => (
                <option key={id} value={id}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
        <End errors={errors} />
        <Field id="wacht" label={words.waitsFor} hint={words.waitsForHint} error={errorAt(errors, 'wacht')}>
          {(props) => <input {...props} name="wacht" maxLength={300} />}
        </Field>
        <Field id="reden" label={words.reason} hint={words.reasonHint} error={errorAt(errors, 'reden')}>
          {(props) => <textarea {...props} name="reden" rows={4} required minLength={shortest} maxLength={5000} value={reason} onInput={(e) => setReason(e.currentTarget.value)} />}
        </Field>
        <p class="plein-meta">{reason.trim().length < shortest && words.stillToWrite(shortest - reason.trim().length)}</p>
        <Button type="submit" disabled={isBusy}>
          {words.place}
        </Button>
      </form>
    </section>
  )
}

/** The form for a later end. */
export function Extend({ draft, until, done }: Deciding & { until: string }) {
  const { t, language } = useWhere()
  const words = t.embargo
  const { errors, failure, isBusy, decide } = useDecision(() => done(t.person.failed.stale))
  const extend = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const later = endIn(form)
    const input = { project: draft.id, revision: draft.revision!, until: later, reason: String(form.get('verlengreden')) }
    if (await decide(EmbargoExtendDocument, { input }, { ...fields, reason: 'verlengreden' })) done(words.extended(datum(later, language), tijd(later)))
  }
  return (
    <section aria-labelledby="verlengen">
      <H level={2} id="verlengen">
        {words.extend}
      </H>
      <P>{words.extendText(datum(until, language), tijd(until))}</P>
      <form class="plein-form" onSubmit={extend}>
        <Failed why={failure} />
        <Errors title={t.account.errors} errors={errors} />
        <End errors={errors} />
        <Why id="verlengreden" errors={errors} />
        <Button type="submit" kind="secondary" disabled={isBusy}>
          {words.extend}
        </Button>
      </form>
    </section>
  )
}

/** The form that ends it now. */
export function Lift({ draft, done }: Deciding) {
  const { t } = useWhere()
  const words = t.embargo
  const { errors, failure, isBusy, decide } = useDecision(() => done(t.person.failed.stale))
  const lift = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const input = { project: draft.id, revision: draft.revision!, reason: String(form.get('ophefreden')) }
    if (await decide(EmbargoLiftDocument, { input }, { reason: 'ophefreden' })) done(words.lifted)
  }
  return (
    <section aria-labelledby="opheffen">
      <H level={2} id="opheffen">
        {words.lift}
      </H>
      <P>{words.liftText}</P>
      <form class="plein-form" onSubmit={lift}>
        <Failed why={failure} />
        <Errors title={t.account.errors} errors={errors} />
        <Why id="ophefreden" errors={errors} />
        <div class="plein-choice-one">
          <input type="checkbox" id="zeker" required />
          <label for="zeker">{words.sure}</label>
        </div>
        <Button type="submit" disabled={isBusy}>
          {words.lift}
        </Button>
      </form>
    </section>
  )
}

/** The field of the form that each field of the contract is in. */
const fields = { scope: 'scope', ground: 'ground', reason: 'reden', until: 'dag', waitsFor: 'wacht' }

/** Day and time in the Netherlands. */
function End({ errors }: { errors: FieldError[] }) {
  const { t } = useWhere()
  const words = t.embargo
  return (
    <div class="plein-pair">
      <Field id="dag" label={words.day} hint={words.isPublic} error={errorAt(errors, 'dag')}>
        {(props) => <input {...props} name="dag" type="date" required />}
      </Field>
      <Field id="tijd" label={words.time} hint={words.timeHint}>
        {(props) => <input {...props} name="tijd" type="time" required defaultValue="09:00" />}
      </Field>
    </div>
  )
}

const endIn = (form: FormData) => moment(String(form.get('dag')), String(form.get('tijd')))

function Why({ id, errors }: { id: string; errors: FieldError[] }) {
  const { t } = useWhere()
  return (
    <Field id={id} label={t.embargo.why} hint={t.embargo.reasonHint} error={errorAt(errors, id)}>
      {(props) => <textarea {...props} name={id} rows={3} required maxLength={5000} />}
    </Field>
  )
}
