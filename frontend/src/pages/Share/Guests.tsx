import { useState } from 'preact/hooks'
import { Copyable } from '../../features/Copyable'
import { useDecision } from '../../features/deciding'
import { Failed } from '../../features/Failed'
import { GuestInviteDocument, GuestRemoveDocument } from '../../graphql/generated/graphql'
import { Button, H, Notice, P } from '../../ui'
import { errorAt, Errors, Field } from '../../ui/Field'
import { useWhere } from '../../where'
import type { Guest } from './page'

interface Hosting {
  id: string
  done: (what: string) => void
}

/** People of other organisations who work in this project. */
export function Guests({ id, publisher, guests, done }: Hosting & { publisher: string; guests: Guest[] }) {
  const { t } = useWhere()
  const words = t.publishing.guests
  const [url, setUrl] = useState<string | null>(null)
  const { errors, failure, isBusy, decide } = useDecision()
  const invite = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const given = new FormData(form)
    const email = String(given.get('email')).trim()
    const input = { project: id, email, name: String(given.get('naam')).trim() }
    const made = await decide(GuestInviteDocument, { input }, { email: 'email', name: 'naam' })
    if (!made) return
    form.reset()
    setUrl(made.url)
    done(words.invited(email))
  }
  return (
    <section aria-labelledby="gasten">
      <H level={2} id="gasten">
        {words.title}
      </H>
      <P>{words.text(publisher)}</P>
      {guests.length > 0 && <Present id={id} guests={guests} done={done} />}
      {url && (
        <Notice title={words.once}>
          <p>{words.onceText}</p>
          <Copyable text={url} />
        </Notice>
      )}
      <form class="plein-form" onSubmit={invite}>
        <Failed why={failure} />
        <Errors title={t.publishing.wrong} errors={errors} />
        <Field id="email" label={words.email} error={errorAt(errors, 'email')}>
          {(props) => <input {...props} type="email" name="email" required maxLength={254} autocomplete="off" autocapitalize="none" spellcheck={false} />}
        </Field>
        <Field id="naam" label={words.name} hint={words.nameHint} error={errorAt(errors, 'naam')}>
          {(props) => <input {...props} name="naam" required maxLength={100} autocomplete="off" />}
        </Field>
        <Button type="submit" kind="secondary" disabled={isBusy}>
          {words.invite}
        </Button>
      </form>
    </section>
  )
}

/** Who is a guest now. One who goes can be invited again, so nothing is asked first. */
function Present({ id, guests, done }: Hosting & { guests: Guest[] }) {
  const { t } = useWhere()
  const words = t.publishing.guests
  const { errors, failure, isBusy, decide } = useDecision()
  const remove = async (guest: Guest) => {
    if (await decide(GuestRemoveDocument, { input: { project: id, user: guest.id } })) done(words.removed(guest.displayName))
  }
  return (
    <>
      <Failed why={failure} />
      <Errors title={t.publishing.wrong} errors={errors} />
      <ul class="plein-tasks">
        {guests.map((guest) => (
          <li key={guest.id}>
            <div>{guest.displayName}</div>
            <Button type="button" kind="secondary" disabled={isBusy} aria-label={words.removeNamed(guest.displayName)} onClick={() => void remove(guest)}>
              {words.remove}
            </Button>
          </li>
        ))}
      </ul>
    </>
  )
}
