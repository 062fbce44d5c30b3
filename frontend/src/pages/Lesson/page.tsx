import { elsewhere } from '../../features/elsewhere'
import { notFound } from '../../features/gone'
import { licenseUrl } from '../../features/License'
import { Origin } from '../../features/Origin'
import { Published } from '../../features/Published'
import { RecordLink } from '../../features/RecordLink'
import { langOf } from '../../features/records'
import { addressOf } from '../../features/searching'
import { PageLessonDocument, type PageLessonQuery } from '../../graphql/generated/graphql'
import { page, type Where } from '../../page'
import { datum } from '../../taal'
import { A, Badge, Breadcrumbs, Facts, H, List, P, Prose } from '../../ui'
import { useWhere } from '../../where'

type Lesson = Extract<NonNullable<NonNullable<PageLessonQuery['address']>['record']>, { __typename: 'Lesson' }>

export default page({
  document: PageLessonDocument,
  variables: ({ params }) => ({ path: `/lessen/${params.publisher}/${params.slug}` }),
  shows: ({ address }, where) => {
    const other = elsewhere(address, where)
    const lesson = address?.record
    if (other || lesson?.__typename !== 'Lesson') return other ?? notFound(where)
    return {
      title: lesson.title,
      description: lesson.summary ?? undefined,
      jsonLd: learningResource(lesson, where),
      body: <Whole lesson={lesson} />,
    }
  },
})

function Whole({ lesson }: { lesson: Lesson }) {
  const { t, language } = useWhere()
  const lang = langOf(lesson, language)
  const parts = ['context', 'recommendation', 'consequence'] as const
  return (
    <article class="plein-wrap">
      <Breadcrumbs trail={[['/lessen', t.lesson.all]]} />
      <H level={1} lang={lang}>
        {lesson.title}
      </H>
      <p class="plein-meta">
        {t.kind.Lesson} · <A to={'/udc/' + lesson.publisher.slug}>{lesson.publisher.name}</A>
      </p>
      <p>
        <Badge>{t.lesson.kind[lesson.kind]}</Badge>
      </p>
      <Origin of={lesson.provenance} />
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
          <Published record={lesson} />
        </div>
      </div>
    </article>
  )
}

/** The steps and people that it is for. */
function Use({ lesson: { stepsInFull, roles, reviewBy } }: { lesson: Lesson }) {
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

function LearnedIn({ projects: { nodes, totalCount } }: { projects: Lesson['projects'] }) {
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

function learningResource(lesson: Lesson, { site, href, path, language }: Where): object {
  return {
    '@context': 'https://schema.org',
    '@type': 'LearningResource',
    '@id': lesson.uri,
    url: site.base + href(path),
    name: lesson.title,
    description: lesson.summary ?? undefined,
    inLanguage: langOf(lesson, language) ?? language,
    publisher: { '@type': 'Organization', name: lesson.publisher.name },
    license: licenseUrl(lesson.license.notation),
    datePublished: lesson.publishedAt ?? undefined,
    dateModified: lesson.updatedAt,
    isAccessibleForFree: true,
  }
}
