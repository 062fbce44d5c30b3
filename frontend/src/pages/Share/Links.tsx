import { useState } from 'preact/hooks'
import { Copyable } from '../../features/Copyable'
import { useDecision } from '../../features/deciding'
import { Failed } from '../../features/Failed'
import { ShareDocument, ShareEndDocument } from '../../graphql/generated/graphql'
import { datum, tijd } from '../../taal'
import { Button, H, Notice, P } from '../../ui'
import { errorAt, Errors, Field } from '../../ui/Field'
import { useWhere } from '../../where'
import type { Link } from './page'

interface Sharing {
  done: (what: string) => void
}

const days = [3, 7, 14, 30]
const usual = 14

/** Links with which somebody without an account reads the working copy. */
export function Links({ id, links, isHeld, done }: Sharing & { id: string; links: Link[]; isHeld: boolean }) {
  const { t, language } = useWhere()
  const words = t.publishing.links
  const [url, setUrl] = useState('')
  const { errors, failure, isBusy, decide } = useDecision()
  const make = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const given = new FormData(form)
    const input = { record: id, note: String(given.get('voor')), days: Number(given.get('dagen')) }
    const made = await decide(ShareDocument, { input }, { note: 'voor', days: 'dagen' })
    if (!made) return
    form.reset()
    setUrl(made.url!)
    done(words.made(datum(made.share!.expiresAt, language)))
  }
  return (
    <section aria-labelledby="links">
      <H level={2} id="links">
        {words.title}
      </H>
      <P>{words.text}</P>
      <ul class="plein-ways">
        {words.facts.map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
        {isHeld && <li>{words.held}</li>}
      </ul>
      {url && (
        <Notice title={words.once}>
          <p>{words.onceText}</p>
          <Copyable text={url} />
        </Notice>
      )}
      <form class="plein-form" onSubmit={make}>
        <Failed why={failure} />
        <Errors title={t.publishing.wrong} errors={errors} />
        <Field id="voor" label={words.note} hint={words.noteHint} error={errorAt(errors, 'voor')}>
          {(props) => <input {...props} name="voor" required maxLength={300} autocomplete="off" />}
        </Field>
        <Field id="dagen" label={words.days} error={errorAt(errors, 'dagen')}>
          {(props) => (
            <select {...props} name="dagen">
              {days.map((n) => (
                <option key={n} value={n} selected={n === usual}>
                  {words.dayCount(n)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Button type="submit" disabled={isBusy}>
          {words.make}
        </Button>
      </form>
      {links.length > 0 && <Existing links={links} done={done} />}
    </section>
  )
}

/** The links that still work, each with the way to end it. */
function Existing({ links, done }: Sharing & { links: Link[] }) {
  const { t, language } = useWhere()
  const words = t.publishing.links
  const { errors, failure, isBusy, decide } = useDecision()
  const end = async ({ id, note }: Link) => {
    if (await decide(ShareEndDocument, { id })) done(words.ended(note))
  }
  return (
    <>
      <H level={3}>{words.existing}</H>
      <Failed why={failure} />
      <Errors title={t.publishing.wrong} errors={errors} />
      <ul class="plein-tasks">
        {links.map((link) => (
          <li key={link.id}>
            <div>
              {link.note}
              <p class="plein-meta">{words.period(datum(link.createdAt, language), datum(link.expiresAt, language), tijd(link.expiresAt))}</p>
            </div>
            <Button type="button" kind="secondary" disabled={isBusy} aria-label={words.endNamed(link.note)} onClick={() => void end(link)}>
              {words.end}
            </Button>
          </li>
        ))}
      </ul>
    </>
  )
}
