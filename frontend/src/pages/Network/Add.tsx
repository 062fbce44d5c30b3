import { useDecision } from '../../features/deciding'
import { Failed } from '../../features/Failed'
import { PeerAddDocument } from '../../graphql/generated/graphql'
import { Button, P } from '../../ui'
import { errorAt, Errors, Field } from '../../ui/Field'
import { useWhere } from '../../where'

/** The form to ask another node who it is. Nothing is taken in by that. */
export function Add({ onAdded }: { onAdded: (what: string) => void }) {
  const { t } = useWhere()
  const words = t.network.add
  const { errors, failure, isBusy, decide } = useDecision()
  const add = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const baseUrl = String(new FormData(form).get('adres')).trim()
    const added = await decide(PeerAddDocument, { input: { baseUrl: baseUrl.includes('://') ? baseUrl : 'https://' + baseUrl } }, { baseUrl: 'adres' })
    if (!added?.peer) return
    form.reset()
    onAdded(added.peer.publishers.length > 0 ? words.added(added.peer.name) : words.addedNobody(added.peer.name))
  }
  return (
    <form class="plein-form" onSubmit={add}>
      <P>{words.text}</P>
      <Failed why={failure} />
      <Errors title={t.account.errors} errors={errors} />
      <Field id="adres" label={words.address} hint={words.hint} error={errorAt(errors, 'adres')}>
        {(props) => <input {...props} name="adres" inputMode="url" autocomplete="off" autocapitalize="off" spellcheck={false} required maxLength={500} />}
      </Field>
      <Button type="submit" disabled={isBusy}>
        {isBusy ? words.busy : words.button}
      </Button>
    </form>
  )
}
