import { useState } from 'preact/hooks'
import { Failed } from '../../features/Failed'
import { AccountEndSessionDocument } from '../../graphql/generated/graphql'
import { change, type Failure } from '../../graphql/ask'
import { datum, tijd } from '../../taal'
import { Badge, Button, H, Notice, P } from '../../ui'
import { useWhere } from '../../where'
import type { Viewer } from './page'

type Session = NonNullable<Viewer['sessions']>[number]

/** The browsers in which somebody is signed in. */
export function Sessions({ sessions, done }: { sessions: Session[]; done: (what: string) => void }) {
  const { t, language } = useWhere()
  const words = t.account.own
  const [failure, setFailure] = useState<Failure>()
  const [wrong, setWrong] = useState('')
  const end = async (session: Session) => {
    const answer = await change(AccountEndSessionDocument, { id: session.id })
    const message = answer.data?.sessionEnd.userErrors[0]?.message ?? ''
    setFailure(answer.failure)
    setWrong(message)
    if (answer.data && !message) done(words.sessionEnded)
  }
  const moment = (iso: string) => words.moment(datum(iso, language), tijd(iso))
  return (
    <section aria-labelledby="sessies">
      <H level={2} id="sessies">
        {words.sessions}
      </H>
      <P>{words.sessionsText}</P>
      <Failed why={failure} />
      <div role="alert">{wrong && <Notice tone="warn">{wrong}</Notice>}</div>
      <ul class="plein-tasks">
        {sessions.map((session) => (
          <li key={session.id}>
            <div>
              {words.since(moment(session.createdAt))}
              {session.isCurrent && (
                <>
                  {' '}
                  <Badge tone="good">{words.thisOne}</Badge>
                </>
              )}
              <p class="plein-meta">{words.lastSeen(moment(session.lastSeenAt))}</p>
            </div>
            {!session.isCurrent && (
              <Button kind="secondary" onClick={() => void end(session)} aria-label={words.endNamed(moment(session.createdAt))}>
                {words.end}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
