import { elsewhere } from '../../features/elsewhere'
import { notFound } from '../../features/gone'
import { licenseUrl } from '../../features/License'
import { ReportMistake, Reported } from '../../features/Mistake'
import { originalOf } from '../../features/Origin'
import { Published } from '../../features/Published'
import { langOf } from '../../features/records'
import { PageLessonDocument, type PageLessonQuery } from '../../graphql/generated/graphql'
import { page, type Where } from '../../page'
import { Breadcrumbs } from '../../ui'
import { useWhere } from '../../where'
import { LessonInFull } from './InFull'

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
      record: lesson.id,
      original: originalOf(lesson),
      description: lesson.summary ?? undefined,
      jsonLd: learningResource(lesson, where),
      body: <Whole lesson={lesson} />,
    }
  },
})

function Whole({ lesson }: { lesson: Lesson }) {
  const { t } = useWhere()
  const foot = (
    <>
      <Published record={lesson} />
      {lesson.provenance !== 'PEER' && <ReportMistake id={lesson.id} />}
    </>
  )
  return (
    <article class="plein-wrap">
      <Breadcrumbs trail={[['/lessen', t.lesson.all]]} />
      <Reported />
      <LessonInFull lesson={lesson} foot={foot} />
    </article>
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
