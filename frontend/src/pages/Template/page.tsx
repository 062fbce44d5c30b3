import { elsewhere } from '../../features/elsewhere'
import { notFound } from '../../features/gone'
import { licenseUrl } from '../../features/License'
import { ReportMistake, Reported } from '../../features/Mistake'
import { originalOf } from '../../features/Origin'
import { Published } from '../../features/Published'
import { RecordLink } from '../../features/RecordLink'
import { langOf } from '../../features/records'
import { addressOf } from '../../features/searching'
import { PageTemplateDocument, type PageTemplateQuery } from '../../graphql/generated/graphql'
import { page, type Where } from '../../page'
import { datum } from '../../taal'
import { A, Breadcrumbs, Facts, H, P, Prose } from '../../ui'
import { useWhere } from '../../where'
import { TemplateInFull } from './InFull'

type Template = Extract<NonNullable<NonNullable<PageTemplateQuery['address']>['record']>, { __typename: 'ProcessTemplate' }>

export default page({
  document: PageTemplateDocument,
  variables: ({ params }) => ({ path: `/sjablonen/${params.publisher}/${params.slug}` }),
  shows: ({ address }, where) => {
    const other = elsewhere(address, where)
    const template = address?.record
    if (other || template?.__typename !== 'ProcessTemplate') return other ?? notFound(where)
    return {
      title: template.title,
      record: template.id,
      original: originalOf(template),
      description: template.summary ?? undefined,
      jsonLd: howTo(template, where),
      body: <Whole template={template} />,
    }
  },
})

function Whole({ template }: { template: Template }) {
  const { t, language } = useWhere()
  const lang = langOf(template, language)
  return (
    <article class="plein-wrap">
      <Breadcrumbs trail={[['/sjablonen', t.template.all]]} />
      <Reported />
      <TemplateInFull template={template} now={<Now template={template} lang={lang} />}>
        {(i) => <Lessons of={template.steps[i].lessons} at={template.steps[i].key} />}
      </TemplateInFull>
      <div class="plein-columns">
        <div>
          <Versions template={template} lang={lang} />
          <UsedBy projects={template.usedBy} />
        </div>
        <Published record={template} />
        {template.provenance !== 'PEER' && <ReportMistake id={template.id} />}
      </div>
    </article>
  )
}

/** The version that it is at, and where it came from. */
function Now({ template, lang }: { template: Template; lang?: string }) {
  const { t, path, language } = useWhere()
  const { current, forkedFrom } = template
  if (!current && !forkedFrom) return null
  return (
    <aside class="plein-aside" aria-label={t.template.current}>
      {current && (
        <>
          <p class="plein-aside__title">
            <A to={`${path}/${current.number}`}>{t.template.versionNamed(current.number)}</A>
          </p>
          <Facts facts={[[t.template.since, current.publishedAt && datum(current.publishedAt, language)]]} />
          <Prose html={current.changeNote} lang={lang} />
        </>
      )}
      {forkedFrom &&
        (forkedFrom.template ? (
          <p>
            {t.template.forked} <RecordLink record={forkedFrom.template} /> {forkedFrom.number} {t.template.of} {forkedFrom.template.publisher.name}.
          </p>
        ) : (
          <p>{t.template.forkedFromHidden}</p>
        ))}
      {forkedFrom && current && (
        <p>
          <A to={`${path}/${current.number}?vergelijk=${forkedFrom.id}`}>{t.template.compareOrigin}</A>
        </p>
      )}
    </aside>
  )
}

function Lessons({ of, at }: { of: Template['steps'][number]['lessons']; at: string }) {
  const { t } = useWhere()
  if (of.nodes.length === 0) return null
  return (
    <>
      <H level={4}>{t.template.lessons}</H>
      <ul class="plein-ways">
        {of.nodes.map((lesson) => (
          <li key={lesson.publisher.slug + lesson.slug}>
            <RecordLink record={lesson} />
          </li>
        ))}
        {of.totalCount > of.nodes.length && (
          <li>
            <A to={addressOf({ chosen: { stap: [at] } }, '/lessen')}>{t.template.allLessons(of.totalCount)}</A>
          </li>
        )}
      </ul>
    </>
  )
}

function Versions({ template, lang }: { template: Template; lang?: string }) {
  const { t, path, language } = useWhere()
  const { nodes, totalCount } = template.versions
  if (nodes.length === 0) return null
  return (
    <section aria-labelledby="versies">
      <H level={2} id="versies">
        {t.template.versions}
      </H>
      <ul class="plein-items">
        {nodes.map((version, i) => (
          <li key={version.number}>
            <p>
              <A to={`${path}/${version.number}`}>{t.template.versionNamed(version.number)}</A>
              {version.publishedAt && ` · ${datum(version.publishedAt, language)}`}
              {i === 0 && ` · ${t.template.current}`}
            </p>
            {i > 0 && <Prose html={version.changeNote} lang={lang} />}
            {nodes[i + 1] && (
              <p>
                <A to={`${path}/${version.number}?vergelijk=${nodes[i + 1].number}`}>{t.template.changed(nodes[i + 1].number)}</A>
              </p>
            )}
          </li>
        ))}
      </ul>
      {totalCount > nodes.length && <P>{t.template.olderVersions(totalCount - nodes.length)}</P>}
    </section>
  )
}

function UsedBy({ projects: { nodes, totalCount } }: { projects: Template['usedBy'] }) {
  const { t } = useWhere()
  return (
    <section aria-labelledby="gebruik">
      <H level={2} id="gebruik">
        {t.template.usedBy}
      </H>
      {nodes.length === 0 && <P>{t.template.usedByNone}</P>}
      {nodes.length > 0 && (
        <ul class="plein-ways">
          {nodes.map((project) => (
            <li key={project.publisher.slug + project.slug}>
              <RecordLink record={project} /> · {project.publisher.name}
            </li>
          ))}
          {totalCount > nodes.length && <li>{t.template.otherProjects(totalCount - nodes.length)}</li>}
        </ul>
      )}
    </section>
  )
}

function howTo(template: Template, { site, href, path, language }: Where): object {
  const url = site.base + href(path)
  return {
    '@context': 'https://schema.org',
    '@type': 'HowTo',
    '@id': template.uri,
    url,
    name: template.title,
    description: template.summary ?? undefined,
    version: template.number ?? undefined,
    inLanguage: langOf(template, language) ?? language,
    publisher: { '@type': 'Organization', name: template.publisher.name },
    license: licenseUrl(template.license.notation),
    datePublished: template.publishedAt ?? undefined,
    dateModified: template.updatedAt,
    step: template.steps.map((step) => ({ '@type': 'HowToStep', position: step.position, name: step.title, url: `${url}#stap-${step.key}` })),
  }
}
