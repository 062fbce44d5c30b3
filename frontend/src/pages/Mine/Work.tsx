import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Failed } from '../../features/Failed'
import { RecordLink } from '../../features/RecordLink'
import { langOf } from '../../features/records'
import { MineRestoreDocument, MineWorksDocument, type MineWorksQueryVariables, type PublicationState, type WorkFragment, type WorksFragment } from '../../graphql/generated/graphql'
import { change, type Failure } from '../../graphql/ask'
import { datum } from '../../taal'
import { A, Badge, Button, H, Notice, P } from '../../ui'
import { useWhere } from '../../where'
import { More, useParts } from './parts'

const tones: Partial<Record<PublicationState, 'good' | 'busy' | 'warn'>> = { IN_REVIEW: 'busy', CHANGES_REQUESTED: 'warn', PUBLISHED: 'good' }

const works = (variables: Omit<MineWorksQueryVariables, 'after'>) => async (after: string) => {
  const { data, failure } = await change(MineWorksDocument, { ...variables, after })
  return { part: data?.list ?? undefined, failure }
}

/** Working copies with what is not public. */
export function Working({ first, writes }: { first: WorksFragment | null; writes: boolean }) {
  const { t } = useWhere()
  const parts = useParts(first, works({ states: ['DRAFT', 'IN_REVIEW', 'CHANGES_REQUESTED'] }))
  return (
    <section aria-labelledby="werkversies">
      <H level={2} id="werkversies">
        {t.mine.working}
      </H>
      {!writes && <P>{t.mine.guest}</P>}
      {parts.nodes.length === 0 ? <P>{writes ? t.mine.noWork : t.mine.noGuestWork}</P> : <Rows works={parts.nodes} row={(work) => <WorkLink work={work} />} />}
      <More of={parts} />
    </section>
  )
}

function WorkLink({ work }: { work: WorkFragment }) {
  const { language } = useWhere()
  const own = `/publiceren/${work.id}`
  return (
    <A to={work.viewerCan.includes('UPDATE') ? own : own + '/voorbeeld'} lang={langOf(work, language)}>
      {work.title}
    </A>
  )
}

/** What one's organisations have published. */
export function Published({ first }: { first: WorksFragment | null }) {
  const { t } = useWhere()
  const parts = useParts(first, works({ states: ['PUBLISHED', 'ARCHIVED'] }))
  if (parts.nodes.length === 0) return null
  return (
    <section aria-labelledby="gepubliceerd">
      <H level={2} id="gepubliceerd">
        {t.mine.published}
      </H>
      <Rows works={parts.nodes} row={(work) => (work.publishedAt ? <RecordLink record={work} /> : <WorkLink work={work} />)} action={(work) => work.viewerCan.includes('UPDATE') && <A to={`/publiceren/${work.id}`} aria-label={t.mine.editNamed(work.title)}>{t.mine.edit}</A>} />
      <More of={parts} />
    </section>
  )
}

/** Working copies that were thrown away and can be taken back. */
export function Discarded({ first, done }: { first: WorksFragment | null; done: (what: string) => void }) {
  const { t } = useWhere()
  const [failure, setFailure] = useState<Failure>()
  const [wrong, setWrong] = useState('')
  const parts = useParts(first, works({ discarded: true }))
  if (parts.nodes.length === 0) return null
  const restore = async (work: WorkFragment) => {
    const answer = await change(MineRestoreDocument, { input: { id: work.id, revision: work.revision ?? 0 } })
    const message = answer.data?.recordRestore.userErrors[0]?.message ?? ''
    setFailure(answer.failure)
    setWrong(message)
    if (answer.data && !message) done(t.mine.restored(work.title))
  }
  return (
    <section aria-labelledby="weggegooid">
      <H level={2} id="weggegooid">
        {t.mine.discarded}
      </H>
      <P>{t.mine.discardedText}</P>
      <Failed why={failure} />
      <div role="alert">{wrong && <Notice tone="warn">{wrong}</Notice>}</div>
      <Rows
        works={parts.nodes}
        row={(work) => <span>{work.title}</span>}
        action={(work) =>
          work.viewerCan.includes('RESTORE') && (
            <Button kind="secondary" onClick={() => void restore(work)} aria-label={t.mine.restoreNamed(work.title)}>
              {t.mine.restore}
            </Button>
          )
        }
      />
      <More of={parts} />
    </section>
  )
}

function State({ of: { state, audience, publishedAt } }: { of: WorkFragment }) {
  const { t } = useWhere()
  if (state === 'PUBLISHED' && !publishedAt) return <Badge tone="busy">{t.mine.scheduled}</Badge>
  if (state === 'PUBLISHED' && audience === 'COMMUNITY') return <Badge>{t.mine.community}</Badge>
  return <Badge tone={tones[state]}>{t.person.state[state]}</Badge>
}

function Rows({ works, row, action }: { works: WorkFragment[]; row: (work: WorkFragment) => ComponentChildren; action?: (work: WorkFragment) => ComponentChildren }) {
  const { t, language } = useWhere()
  return (
    <ul class="plein-tasks">
      {works.map((work) => (
        <li key={work.id}>
          <State of={work} />
          <div>
            {row(work)}
            <p class="plein-meta">
              {t.kind[work.__typename]} · {work.publisher.name} · {t.mine.changed(datum(work.updatedAt, language))}
            </p>
          </div>
          {action?.(work)}
        </li>
      ))}
    </ul>
  )
}
