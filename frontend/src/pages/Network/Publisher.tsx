import { useDecision } from '../../features/deciding'
import { Failed } from '../../features/Failed'
import { AllowDeletesDocument, PublisherStateDocument, type PeerState, type PublishingFragment } from '../../graphql/generated/graphql'
import { datum, getal } from '../../taal'
import { A, Badge, Button, Notice, P } from '../../ui'
import { errorAt, Errors, Field } from '../../ui/Field'
import { useWhere } from '../../where'
import { Certain } from './Certain'
import { Fingerprint, Groups } from './Fingerprint'
import { toneOf } from './Peer'
import { Said, Technical } from './Technical'
import { Withdrawals } from './Withdrawals'

interface Props {
  of: PublishingFragment
  onDone: (what: string) => void
}

/** Somebody who publishes on another node and was taken in here. */
export function Publisher({ of, onDone }: Props) {
  const { t, language } = useWhere()
  const words = t.network.publisher
  const { name, organization, state, recordCount, seenAt, quarantined, fingerprint, problem } = of
  return (
    <>
      {problem && state === 'ACTIVE' ? <Badge tone="warn">{words.stopped}</Badge> : <Badge tone={toneOf(state)}>{t.network.states[state]}</Badge>}
      <div>
        <p class="plein-tasks__name">
          <strong>{organization ? <A to={`/udc/${organization.slug}`}>{name}</A> : name}</strong>
        </p>
        <p class="plein-meta">{[words.records(recordCount, getal(recordCount, language)), seenAt && words.seen(datum(seenAt, language))].filter(Boolean).join(' · ')}</p>
        {quarantined !== null && quarantined > 0 && (
          <p>
            <A to="/beheer/netwerk?deel=apart">{words.quarantined(quarantined, getal(quarantined, language))}</A>
          </p>
        )}
        <Problem of={of} onDone={onDone} />
        <details>
          <summary>
            {words.manage}
            <span class="plein-hidden">: {name}</span>
          </summary>
          <p>{words.fingerprint}</p>
          <Fingerprint of={name} text={fingerprint} />
          <Manage of={of} onDone={onDone} />
        </details>
      </div>
    </>
  )
}

/** What keeps a log from being taken in, and what to do about it. */
function Problem({ of, onDone }: Props) {
  const { t, language } = useWhere()
  const words = t.network.problem
  const { id, name, state, problem, technicalDetail, waitingDeletes } = of
  if (!problem || state !== 'ACTIVE') return null
  const n = waitingDeletes ?? 0
  return (
    <Notice tone="warn" title={problem === 'TOO_MANY_DELETES' && n > 0 ? words.deletes(n, getal(n, language)) : words.what[problem]}>
      <P>{words.todo[problem]}</P>
      {problem === 'TOO_MANY_DELETES' && <Withdrawals id={id} name={name} />}
      {problem === 'TOO_MANY_DELETES' && (
        <details>
          <summary>
            {words.allow}
            <span class="plein-hidden">: {name}</span>
          </summary>
          <Certain
            id={`${id}-doorlaten`}
            warning={words.allowText(name)}
            sure={words.allowSure}
            carry={async (decide) => {
              if (await decide(AllowDeletesDocument, { id })) onDone(words.allowed(name))
            }}
          >
            {words.allowNow}
          </Certain>
        </details>
      )}
      {problem === 'KEY_CHANGED' && <NewKey of={of} onDone={onDone} />}
      {technicalDetail && (
        <Technical of={name}>
          <Said>{technicalDetail}</Said>
        </Technical>
      )}
    </Notice>
  )
}

/** The form for the fingerprint of a key that nothing vouches for but somebody's voice. */
function NewKey({ of: { id, name, fingerprint, shownFingerprint }, onDone }: Props) {
  const { t } = useWhere()
  const words = t.network.newKey
  const { errors, failure, isBusy, decide } = useDecision()
  const send = async (event: SubmitEvent) => {
    event.preventDefault()
    const fingerprint = String(new FormData(event.currentTarget as HTMLFormElement).get('vingerafdruk'))
    if (await decide(PublisherStateDocument, { input: { id, state: 'ACTIVE', fingerprint } }, { fingerprint: `${id}-nieuw` })) onDone(words.done(name))
  }
  return (
    <form class="plein-form" onSubmit={send}>
      <Failed why={failure} />
      <Errors title={t.account.errors} errors={errors} />
      <dl class="plein-keys">
        <dt>{words.before}</dt>
        <dd class="plein-fingerprint">
          <Groups of={fingerprint} />
        </dd>
        {shownFingerprint && (
          <>
            <dt>{words.now}</dt>
            <dd class="plein-fingerprint">
              <Groups of={shownFingerprint} />
            </dd>
          </>
        )}
      </dl>
      <P>{fingerprint === shownFingerprint ? words.same : words.text}</P>
      <Field id={`${id}-nieuw`} label={words.label} hint={words.hint} error={errorAt(errors, `${id}-nieuw`)}>
        {(props) => <input {...props} name="vingerafdruk" autocomplete="off" autocapitalize="off" spellcheck={false} required maxLength={200} />}
      </Field>
      <Button type="submit" kind="secondary" disabled={isBusy}>
        {words.button}
      </Button>
    </form>
  )
}

function Manage({ of: { id, name, state, recordCount, problem, fingerprint }, onDone }: Props) {
  const { t, language } = useWhere()
  const words = t.network.publisher
  const { errors, failure, isBusy, decide } = useDecision()
  const turn = async (to: PeerState, said: string) => {
    if (await decide(PublisherStateDocument, { input: { id, state: to } })) onDone(said)
  }
  return (
    <>
      <Failed why={failure} />
      <Errors title={t.account.errors} errors={errors} />
      {state === 'ACTIVE' && (
        <p class="plein-actions">
          <Button type="button" kind="secondary" disabled={isBusy} onClick={() => void turn('PAUSED', words.paused(name))}>
            {words.pause}
          </Button>
          {problem && problem !== 'KEY_CHANGED' && problem !== 'TOO_MANY_DELETES' && (
            <Button type="button" kind="secondary" disabled={isBusy} onClick={() => void turn('ACTIVE', words.retried(name))}>
              {words.retry}
            </Button>
          )}
        </p>
      )}
      {state === 'PAUSED' && (
        <p class="plein-actions">
          <Button type="button" kind="secondary" disabled={isBusy} onClick={() => void turn('ACTIVE', words.resumed(name))}>
            {words.resume}
          </Button>
        </p>
      )}
      {state === 'BLOCKED' ? (
        <Certain
          id={`${id}-weer`}
          warning={words.unblockText}
          sure={t.network.compare.agrees}
          carry={async (decide) => {
            if (await decide(PublisherStateDocument, { input: { id, state: 'ACTIVE', fingerprint } })) onDone(words.resumed(name))
          }}
        >
          {words.unblock}
        </Certain>
      ) : (
        <Certain
          id={`${id}-blokkeren`}
          warning={words.blockText(name, words.records(recordCount, getal(recordCount, language)))}
          sure={t.network.peers.sure}
          carry={async (decide) => {
            if (await decide(PublisherStateDocument, { input: { id, state: 'BLOCKED' } })) onDone(words.blocked(name))
          }}
        >
          {words.block}
        </Certain>
      )}
    </>
  )
}
