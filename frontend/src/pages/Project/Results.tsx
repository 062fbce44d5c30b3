import { License } from '../../features/License'
import { RecordLink } from '../../features/RecordLink'
import { langOf } from '../../features/records'
import { addressOf } from '../../features/searching'
import { datum } from '../../taal'
import { A, Badge, Facts, H, P, Prose } from '../../ui'
import { useWhere } from '../../where'
import type { InFull, Project } from './project'

/** What the project delivered, and what became of the promise to publish it. */
export function Outputs({ project, lang }: { project: InFull; lang?: string }) {
  const { t } = useWhere()
  if (project.outputs.length === 0) return null
  return (
    <section class="plein-noprint" aria-labelledby="opbrengst">
      <H level={2} id="opbrengst">
        {t.project.outputs}
      </H>
      <ul class="plein-items">
        {project.outputs.map((o) => (
          <li key={o.id}>
            <H level={3} lang={lang}>
              <Titled output={o} />
            </H>
            <p class="plein-meta">
              {o.kind.label} · {t.project.madeBy(o.producedBy.name)}
              {o.license && (
                <>
                  {' · '}
                  <License of={o.license} />
                </>
              )}
            </p>
            {o.description && (
              <div lang={lang}>
                <Prose html={o.description} />
              </div>
            )}
            <Duty output={o} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The title, which leads to where the output is; with both an address and a file, the file follows. */
function Titled({ output: { title, url, file } }: { output: InFull['outputs'][number] }) {
  const address = url ?? file?.url
  return (
    <>
      {address ? <A href={address}>{title}</A> : title}
      {url && file && (
        <>
          {' '}
          (<A href={file.url}>{file.name}</A>)
        </>
      )}
    </>
  )
}

function Duty({ output: o }: { output: InFull['outputs'][number] }) {
  const { t, language } = useWhere()
  const p = t.project
  return (
    <p>
      {o.isOverdue ? (
        <Badge tone="warn">{p.overdue(datum(o.dueOn!, language))}</Badge>
      ) : o.publishedOn ? (
        <Badge tone="good">{p.publicSince(datum(o.publishedOn, language))}</Badge>
      ) : (
        o.mustBecomePublic && !o.url && !o.file && <Badge tone="warn">{p.notYetPublic}</Badge>
      )}{' '}
      {o.deliveredOn && `${p.delivered(datum(o.deliveredOn, language))}. `}
      {o.mustBecomePublic && p.duty(o.producedBy.name)}
    </p>
  )
}

/** What was done with the answer. */
export function Uses({ project, lang }: { project: InFull; lang?: string }) {
  const { t, language } = useWhere()
  const p = t.project
  const { policyUses, communicationSenders, pressRelease } = project
  if (policyUses.length + communicationSenders.length === 0 && pressRelease === null) return null
  return (
    <section aria-labelledby="gebruik">
      <H level={2} id="gebruik">
        {policyUses.length > 0 ? p.uses : p.broughtOut}
      </H>
      {policyUses.length > 0 && (
        <ul class="plein-items">
          {policyUses.map((u) => (
            <li key={u.id}>
              <H level={3} lang={lang}>
                {u.documentUrl ? <A href={u.documentUrl}>{u.title}</A> : u.title}
              </H>
              <p class="plein-meta">{[u.kind.label, u.body, u.decidedOn && datum(u.decidedOn, language)].filter((x) => x).join(' · ')}</p>
              {u.description && (
                <div lang={lang}>
                  <Prose html={u.description} />
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
      <Facts
        facts={[
          [p.senders, communicationSenders.map((o) => o.name).join(', ')],
          [p.press, pressRelease === null ? null : pressRelease ? p.yes : p.no],
        ]}
      />
    </section>
  )
}

/** What was learned. */
export function Lessons({ project }: { project: Project }) {
  const { t, language } = useWhere()
  const { nodes, totalCount } = project.lessons
  if (nodes.length === 0) return null
  return (
    <section aria-labelledby="lessen">
      <H level={2} id="lessen">
        {t.project.lessons}
      </H>
      <ul class="plein-cards">
        {nodes.map((lesson) => (
          <li key={lesson.publisher.slug + lesson.slug} class="plein-card">
            <H level={3}>
              <RecordLink record={lesson} />
            </H>
            {lesson.summary && (
              <p class="plein-card__text" lang={langOf(lesson, language)}>
                {lesson.summary}
              </p>
            )}
            <p class="plein-badges">
              <Badge>{t.lessonKind[lesson.kind]}</Badge>
            </p>
          </li>
        ))}
      </ul>
      {totalCount > nodes.length && (
        <P>
          <A to={addressOf({ chosen: { soort: ['LESSON'], organisatie: [project.publisher.id] } })}>{t.project.moreLessons(project.publisher.name)}</A>
        </P>
      )}
    </section>
  )
}
