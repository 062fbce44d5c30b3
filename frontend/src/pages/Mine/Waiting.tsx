import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Failed } from '../../features/Failed'
import { RecordLink } from '../../features/RecordLink'
import { langOf } from '../../features/records'
import {
  MineDutiesDocument,
  MineMistakeCloseDocument,
  type MineDutiesQuery,
  type MistakeFragment,
  type PageMineQuery,
  type PersonFragment,
  type WorkFragment,
} from '../../graphql/generated/graphql'
import { change, type Failure } from '../../graphql/ask'
import { datum } from '../../taal'
import { A, Badge, Button, H, P } from '../../ui'
import { Errors, Field, errorAt, type FieldError } from '../../ui/Field'
import { useWhere } from '../../where'

type Organization = PersonFragment['memberships'][number]['organization']
type Duties = NonNullable<MineDutiesQuery['publicationDuties']> & { organization: Organization }

/** What somebody else waits for: reviews, changes, mistakes that readers reported, and what should have been public. */
export function Waiting({ data, organizations, done }: { data: PageMineQuery; organizations: Organization[]; done: (what: string) => void }) {
  const { t } = useWhere()
  const works = data.waiting?.nodes ?? []
  const toReview = works.filter((work) => work.state === 'IN_REVIEW' && work.viewerCan.includes('REVIEW'))
  const toChange = works.filter((work) => work.state === 'CHANGES_REQUESTED' && work.viewerCan.includes('UPDATE'))
  const mistakes = data.mistakeReports?.nodes ?? []
  const overdue = useOverdue(organizations)
  const count = toReview.length + toChange.length + mistakes.length + overdue.length
  return (
    <section aria-labelledby="wacht">
      <H level={2} id="wacht">
        {t.mine.waiting}
      </H>
      {count === 0 && <P>{t.mine.nothingWaits}</P>}
      <ul class="plein-tasks">
        {toReview.map((work) => (
          <Task key={work.id} what={<Badge tone="busy">{t.mine.toReview}</Badge>} work={work} to={`/publiceren/${work.id}/beoordelen`} />
        ))}
        {toChange.map((work) => (
          <Task key={work.id} what={<Badge tone="warn">{t.mine.toChange}</Badge>} work={work} to={`/publiceren/${work.id}`} />
        ))}
        {overdue.map((duties) => (
          <Overdue key={duties.organization.id} duties={duties} />
        ))}
        {mistakes.map((mistake) => (
          <Mistake key={mistake.id} mistake={mistake} done={done} />
        ))}
      </ul>
    </section>
  )
}

function Task({ what, work, to }: { what: ComponentChildren; work: WorkFragment; to: string }) {
  const { t, language } = useWhere()
  return (
    <li>
      {what}
      <div>
        <A to={to} lang={langOf(work, language)}>
          {work.title}
        </A>
        <p class="plein-meta">
          {t.kind[work.__typename]} · {work.publisher.name} · {t.mine.changed(datum(work.updatedAt, language))}
        </p>
      </div>
    </li>
  )
}

/** What organisations should have made public by now, asked for each of them. Where that fails it is left out: its own page has it. */
function useOverdue(organizations: Organization[]): Duties[] {
  const [found, setFound] = useState<Duties[]>([])
  const ids = organizations.map((o) => o.id).join()
  useEffect(() => {
    const visit = new AbortController()
    Promise.all(
      organizations.map(async (organization) => {
        const { data } = await change(MineDutiesDocument, { organization: organization.id }, visit.signal)
        return data?.publicationDuties && { ...data.publicationDuties, organization }
      }),
    ).then(
      (all) => setFound(all.filter((duties): duties is Duties => Boolean(duties?.totalCount))),
      () => {}, // the page is gone
    )
    return () => visit.abort()
  }, [ids])
  return found
}

function Overdue({ duties: { nodes, totalCount, organization } }: { duties: Duties }) {
  const { t, language } = useWhere()
  return (
    <li>
      <Badge tone="warn">{t.mine.overdue}</Badge>
      <div>
        <A to={`/beheer/${organization.slug}/termijnen`}>{t.mine.overdueCount(totalCount, organization.name)}</A>
        <ul class="plein-bare plein-meta">
          {nodes.map(({ output, project }) => (
            <li key={output.id}>
              {output.title} ({project.title}){output.dueOn && ` · ${t.mine.due(datum(output.dueOn, language))}`}
            </li>
          ))}
        </ul>
      </div>
    </li>
  )
}

function Mistake({ mistake, done }: { mistake: MistakeFragment; done: (what: string) => void }) {
  const { t, language } = useWhere()
  const [failure, setFailure] = useState<Failure>()
  const [errors, setErrors] = useState<FieldError[]>([])
  const id = `gedaan-${mistake.id}`
  const close = async (event: SubmitEvent) => {
    event.preventDefault()
    const outcome = String(new FormData(event.currentTarget as HTMLFormElement).get('outcome'))
    const answer = await change(MineMistakeCloseDocument, { input: { id: mistake.id, outcome } })
    setFailure(answer.failure)
    const wrong = answer.data?.mistakeReportClose.userErrors ?? []
    setErrors(wrong.map((e) => [id, e.message]))
    if (answer.data && wrong.length === 0) done(t.mine.closed)
  }
  return (
    <li>
      <Badge tone="warn">{t.mine.mistake}</Badge>
      <div>
        {mistake.record && <RecordLink record={mistake.record} />}
        <p class="plein-mine__said">{mistake.message}</p>
        <p class="plein-meta">
          {mistake.reporter.label} · {datum(mistake.at, language)}
        </p>
        <details>
          <summary>{t.mine.close}</summary>
          <form onSubmit={close} class="plein-form">
            <Failed why={failure} />
            <Errors title={t.mine.wrong} errors={errors} />
            <Field id={id} label={t.mine.outcome} hint={t.mine.outcomeHint} error={errorAt(errors, id)}>
              {(props) => <textarea {...props} name="outcome" rows={3} required maxLength={2000} />}
            </Field>
            <Button type="submit">{t.mine.closeButton}</Button>
          </form>
        </details>
      </div>
    </li>
  )
}
