import { useDecision } from '../../features/deciding'
import { Failed } from '../../features/Failed'
import { PeerPullDocument, PeerRemoveDocument, PeerStateDocument, type PeerFragment, type PeerState } from '../../graphql/generated/graphql'
import { datum, getal, tijd } from '../../taal'
import { A, Badge, Button, Facts, H, Notice, P } from '../../ui'
import { Errors } from '../../ui/Field'
import { useWhere } from '../../where'
import { Certain } from './Certain'
import { Compare, isNew } from './Compare'
import { Publisher } from './Publisher'
import { Said, Technical } from './Technical'
import { isFirstPull } from './watching'

/** Colour of a state, beside its name. */
export const toneOf = (state: PeerState): 'good' | 'busy' | 'warn' => (state === 'ACTIVE' ? 'good' : state === 'PROPOSED' || state === 'PAUSED' ? 'busy' : 'warn')

interface Props {
  of: PeerFragment
  onDone: (what: string) => void
  onAsked: () => void
}

/** Another node, how the exchange with it stands, and what can be done about it. */
export function Peer({ of, onDone, onAsked }: Props) {
  const { t, language } = useWhere()
  const words = t.network.peers
  const { id, name, baseUrl, state, isDirect, recordCount, softwareVersion, lastSuccessAt, publishers } = of
  return (
    <article class="plein-peer" aria-labelledby={id}>
      <H level={3} id={id}>
        {name}
      </H>
      <p class="plein-badges">
        <Badge tone={toneOf(state)}>{t.network.states[state]}</Badge> {publishers.some(({ isStale }) => isStale) && <Badge tone="warn">{t.network.asleep}</Badge>}
      </p>
      <p class="plein-meta">
        <A href={baseUrl}>{baseUrl}</A>
      </p>
      {!isDirect && <P>{words.passedOn}</P>}
      <FirstPull of={of} />
      <Trouble of={of} />
      <Facts
        facts={[
          [words.seen, isDirect && state !== 'PROPOSED' && (lastSuccessAt ? t.network.at(datum(lastSuccessAt, language), tijd(lastSuccessAt)) : words.never)],
          [words.records, state !== 'PROPOSED' && getal(recordCount, language)],
          [words.software, softwareVersion],
        ]}
      />
      <Compare peer={of} onDone={onDone} />
      {publishers.length === 0 && <P>{words.nobody}</P>}
      {publishers.some((one) => !isNew(one)) && (
        <ul class="plein-tasks" aria-label={words.publishers}>
          {publishers
            .filter((one) => !isNew(one))
            .map((one) => (
              <li key={one.id}>
                <Publisher of={one} onDone={onDone} />
              </li>
            ))}
        </ul>
      )}
      {isDirect && <Manage of={of} onDone={onDone} onAsked={onAsked} />}
    </article>
  )
}

/** How far the first pull is. */
function FirstPull({ of }: { of: PeerFragment }) {
  const { t, language } = useWhere()
  const words = t.network.peers
  if (!isFirstPull(of)) return null
  const behind = of.behind ?? 0
  return (
    <div class="plein-pulling">
      <label for={`${of.id}-stand`}>{words.firstPull}</label>
      {behind > 0 ? <progress id={`${of.id}-stand`} value={of.recordCount} max={of.recordCount + behind} /> : <progress id={`${of.id}-stand`} />}
      <p class="plein-meta">{behind > 0 ? words.progress(getal(of.recordCount, language), getal(behind, language)) : words.begins}</p>
    </div>
  )
}

/** What went wrong at the last attempt, and when it is tried again. */
function Trouble({ of: { name, state, lastError, technicalDetail, nextAttemptAt } }: { of: PeerFragment }) {
  const { t, language } = useWhere()
  const words = t.network.peers
  if (!lastError || (state !== 'ACTIVE' && state !== 'UNREACHABLE')) return null
  return (
    <Notice tone="warn" title={words.failed}>
      <P>{lastError}</P>
      <P>
        {words.stays} {nextAttemptAt && words.again(t.network.at(datum(nextAttemptAt, language), tijd(nextAttemptAt)))}
      </P>
      {technicalDetail && (
        <Technical of={name}>
          <Said>{technicalDetail}</Said>
        </Technical>
      )}
    </Notice>
  )
}

function Manage({ of: { id, name, state, recordCount }, onDone, onAsked }: Props) {
  const { t, language } = useWhere()
  const words = t.network.peers
  const { errors, failure, isBusy, decide } = useDecision()
  const isOn = state === 'ACTIVE' || state === 'UNREACHABLE'
  const pull = async () => {
    if (await decide(PeerPullDocument, { id })) onAsked()
  }
  const turn = async (to: PeerState, said: string) => {
    if (await decide(PeerStateDocument, { input: { id, state: to } })) onDone(said)
  }
  const records = t.network.publisher.records(recordCount, getal(recordCount, language))
  const hidden = <span class="plein-hidden">: {name}</span>
  return (
    <>
      <Failed why={failure} />
      <Errors title={t.account.errors} errors={errors} />
      <p class="plein-actions">
        {isOn && (
          <Button type="button" kind="secondary" disabled={isBusy} onClick={() => void pull()}>
            {words.pull}
            {hidden}
          </Button>
        )}
        {isOn && (
          <Button type="button" kind="secondary" disabled={isBusy} onClick={() => void turn('PAUSED', words.paused(name))}>
            {words.pause}
            {hidden}
          </Button>
        )}
        {(state === 'PAUSED' || state === 'BLOCKED') && (
          <Button type="button" kind="secondary" disabled={isBusy} onClick={() => void turn('ACTIVE', state === 'PAUSED' ? words.resumed(name) : words.unblocked(name))}>
            {state === 'PAUSED' ? words.resume : words.unblock}
            {hidden}
          </Button>
        )}
      </p>
      {state !== 'BLOCKED' && (
        <details>
          <summary>
            {words.block}
            {hidden}
          </summary>
          <Certain
            id={`${id}-blokkeren`}
            warning={words.blockText(name, records)}
            sure={words.sure}
            carry={async (decide) => {
              if (await decide(PeerStateDocument, { input: { id, state: 'BLOCKED' } })) onDone(words.blocked(name))
            }}
          >
            {words.blockNow(name)}
          </Certain>
        </details>
      )}
      <details>
        <summary>
          {words.remove}
          {hidden}
        </summary>
        <Certain
          id={`${id}-verwijderen`}
          warning={words.removeText(name, records)}
          sure={words.sure}
          carry={async (decide) => {
            if (await decide(PeerRemoveDocument, { id })) onDone(words.removed(name))
          }}
        >
          {words.removeNow(name)}
        </Certain>
      </details>
    </>
  )
}
