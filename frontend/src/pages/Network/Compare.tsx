import { useState } from 'preact/hooks'
import { useDecision } from '../../features/deciding'
import { Failed } from '../../features/Failed'
import { PublisherStateDocument, type PeerFragment, type PublishingFragment } from '../../graphql/generated/graphql'
import { Button, P } from '../../ui'
import { Errors, type FieldError } from '../../ui/Field'
import { useWhere } from '../../where'
import { Fingerprint } from './Fingerprint'

/** Whether nothing of a publisher is taken in until somebody compared its fingerprint. */
export const isNew = ({ state }: PublishingFragment): boolean => state === 'PROPOSED'

/** The fingerprints of those who are not taken in yet: who was compared by voice is ticked. */
export function Compare({ peer: { id, name, state, publishers }, onDone }: { peer: PeerFragment; onDone: (what: string) => void }) {
  const { t } = useWhere()
  const words = t.network.compare
  const { errors, failure, isBusy, decide } = useDecision()
  const [lacking, setLacking] = useState<FieldError[]>([])
  const fresh = publishers.filter(isNew)
  if (fresh.length === 0 || state === 'BLOCKED') return null
  const send = async (event: SubmitEvent) => {
    event.preventDefault()
    const ticked = new FormData(event.currentTarget as HTMLFormElement).getAll('klopt')
    const chosen = fresh.filter((one) => ticked.includes(one.id))
    setLacking(chosen.length > 0 ? [] : [[fresh[0].id, words.noneTicked]])
    for (const one of chosen) {
      if (!(await decide(PublisherStateDocument, { input: { id: one.id, state: 'ACTIVE', fingerprint: one.fingerprint } }, { fingerprint: one.id }))) return
    }
    if (chosen.length > 0) onDone(words.admitted(chosen.map((one) => one.name).join(', ')))
  }
  const wrong = lacking.length > 0 ? lacking : errors
  return (
    <form class="plein-compare" onSubmit={send}>
      <Failed why={failure} />
      <Errors title={t.account.errors} errors={wrong} />
      <fieldset class="plein-field">
        <legend>{words.title}</legend>
        <P>{words.text(name)}</P>
        {fresh.map((one) => (
          <div class="plein-choice-one plein-choice-one--told" key={one.id}>
            <input type="checkbox" name="klopt" id={one.id} value={one.id} aria-describedby={`${one.id}-vinger`} />
            <div>
              <label for={one.id}>{one.name}</label>
              <div id={`${one.id}-vinger`}>
                <Fingerprint of={one.name} text={one.fingerprint} />
              </div>
            </div>
          </div>
        ))}
      </fieldset>
      <P>{words.differs}</P>
      <Button type="submit" disabled={isBusy} aria-describedby={id}>
        {words.button}
      </Button>
    </form>
  )
}
