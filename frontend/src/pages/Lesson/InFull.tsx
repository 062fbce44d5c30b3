import type { ComponentChildren } from 'preact'
import { Origin } from '../../features/Origin'
import { RecordLink } from '../../features/RecordLink'
import { langOf } from '../../features/records'
import { addressOf } from '../../features/searching'
import type { LessonInFullFragment } from '../../graphql/generated/graphql'
import { datum } from '../../taal'
import { A, Badge, Facts, H, List, P, Prose } from '../../ui'
import { useWhere } from '../../where'

/** A lesson as its page tells it, with the facts of its publication at its foot. Its title has the level that the page around it leaves. */
export function LessonInFull({ lesson, level = 1, foot }: { lesson: LessonInFullFragment; level?: 1 | 2; foot: ComponentChildren }) {
  const { t, language } = useWhere()
  const lang = langOf(lesson, language)
  const parts = ['context', 'recommendation', 'consequence'] as const
  return (
    <>
      <H level={level} lang={lang}>
        {lesson.title}
      </H>
      <p class="plein-meta">
        {t.kind.Lesson} · <A to={'/udc/' + lesson.publisher.slug}>{lesson.publisher.name}</A>
      </p>
      <p>
        <Badge>{t.lesson.kind[lesson.kind]}</Badge>
      </p>
      <Origin of={lesson} />
      <div class="plein-columns">
        <div>
          {lesson.summary && (
            <P lead lang={lang}>
              {lesson.summary}
            </P>
          )}
          {parts.map(
            (part) =>
              lesson[part] && (
                <section key={part}>
                  <H level={2}>{t.lesson[part]}</H>
                  <Prose html={lesson[part]} lang={lang} />
                </section>
              ),
          )}
          <LearnedIn projects={lesson.projects} />
        </div>
        <div>
          <Use lesson={lesson} />
          {foot}
        </div>
      </div>
    </>
  )
}

/** The steps and people that it is for. */
function Use({ lesson: { stepsInFull, roles, reviewBy } }: { lesson: LessonInFullFragment }) {
  const { t, language } = useWhere()
  if (stepsInFull.length === 0 && roles.length === 0 && !reviewBy) return null
  return (
    <aside class="plein-aside" aria-label={t.lesson.use}>
      {stepsInFull.length > 0 && (
        <>
          <H level={2}>{t.lesson.steps}</H>
          <ul class="plein-ways">
            {stepsInFull.map((step) => (
              <li key={step.key}>
                <A to={addressOf({ chosen: { stap: [step.key] } }, '/lessen')}>{step.title}</A>
              </li>
            ))}
          </ul>
          <P>{t.lesson.stepsText}</P>
        </>
      )}
      <Facts
        facts={[
          [t.lesson.roles, roles.length > 0 && <List of={roles.map((r) => r.label)} />],
          [t.lesson.review, reviewBy && datum(reviewBy.slice(0, 7), language)],
        ]}
      />
    </aside>
  )
}

function LearnedIn({ projects: { nodes, totalCount } }: { projects: LessonInFullFragment['projects'] }) {
  const { t } = useWhere()
  if (nodes.length === 0) return null
  return (
    <section aria-labelledby="projecten">
      <H level={2} id="projecten">
        {t.lesson.projects}
      </H>
      <ul class="plein-ways">
        {nodes.map((project) => (
          <li key={project.publisher.slug + project.slug}>
            <RecordLink record={project} /> · {project.publisher.name}
          </li>
        ))}
        {totalCount > nodes.length && <li>{t.lesson.otherProjects(totalCount - nodes.length)}</li>}
      </ul>
    </section>
  )
}
