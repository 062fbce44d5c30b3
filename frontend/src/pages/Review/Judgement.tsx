import { useDecision } from '../../features/deciding'
import { Failed } from '../../features/Failed'
import { sentence } from '../../features/publishing/Outlook'
import { ReviewDocument } from '../../graphql/generated/graphql'
import { Button, H, P } from '../../ui'
import { errorAt, Errors, Field } from '../../ui/Field'
import { useWhere } from '../../where'
import type { Draft, Seen } from './page'

/** The decision: good as it is, or what has to change. */
export function Judgement({ draft, outlook, done }: { draft: Draft; outlook: Seen; done: (what: string) => void }) {
  const { t, language } = useWhere()
  const words = t.publishing.judgement
  const { errors, failure, isBusy, decide } = useDecision(() => done(t.person.failed.stale))
  const judge = async (event: SubmitEvent) => {
    event.preventDefault()
    const note = String(new FormData(event.currentTarget as HTMLFormElement).get('opmerking'))
    const approve = (event.submitter as HTMLButtonElement | null)?.value === 'goed'
    const input = { id: draft.id, revision: draft.revision!, approve, note }
    if (await decide(ReviewDocument, { input }, { note: 'opmerking' })) done(approve ? (outlook.visibleAt ? words.approvedLater : words.approved) : words.asked)
  }
  return (
    <section aria-labelledby="oordeel">
      <H level={2} id="oordeel" tabIndex={-1}>
        {words.title}
      </H>
      <form class="plein-form" onSubmit={judge}>
        <Failed why={failure} />
        <Errors title={t.publishing.wrong} errors={errors} />
        <Field id="opmerking" label={words.note} hint={words.noteHint} error={errorAt(errors, 'opmerking')}>
          {(props) => <textarea {...props} name="opmerking" rows={5} maxLength={5000} />}
        </Field>
        <P>{sentence({ draft, outlook }, t, language)}</P>
        <div class="plein-actions">
          <Button type="submit" value="anders" kind="secondary" disabled={isBusy}>
            {words.ask}
          </Button>
          <Button type="submit" value="goed" disabled={isBusy}>
            {words.approve}
          </Button>
        </div>
      </form>
    </section>
  )
}
