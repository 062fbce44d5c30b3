import { elsewhere } from '../../features/elsewhere'
import { Origin } from '../../features/Origin'
import { Published } from '../../features/Published'
import { langOf, toneOf } from '../../features/records'
import { PageProjectDocument, type PageProjectQuery } from '../../graphql/generated/graphql'
import { page, type Where } from '../../page'
import type { Match } from '../../routes'
import { A, Badge, Breadcrumbs, H, names, P, Prose } from '../../ui'
import { useWhere } from '../../where'
import { Approach } from './Approach'
import { Comparable, isCode, perspectiveOf } from './Comparable'
import { Contacts } from './Contacts'
import { EndedEmbargo, Outcome } from './Outcome'
import { feedOf, type Project } from './project'
import { Lessons, Outputs, Uses } from './Results'
import { structured } from './structured'
import { Summary } from './Summary'

export default page({
  document: PageProjectDocument,
  variables: ({ path, query }: Match) => {
    const from = perspectiveOf(query)
    return { path, perspective: isCode(from) ? from : null, name: from, isNamed: from !== '' && !isCode(from) }
  },
  shows: (data, where) => {
    const record = data.address?.record
    const other = elsewhere(data.address, where)
    if (other || record?.__typename !== 'Project') return other!
    return {
      title: record.title,
      description: record.summary ?? record.question ?? undefined,
      feed: feedOf(record),
      jsonLd: structured(record, where),
      body: <Whole project={record} named={data.municipalities} where={where} />,
    }
  },
})

function Whole({ project, named, where }: { project: Project; named: PageProjectQuery['municipalities']; where: Where }) {
  const lang = langOf(project, where.language)
  return (
    <div class="plein-wrap">
      <Breadcrumbs trail={where.t.project.trail} />
      <article class="plein-project">
        <Opening project={project} lang={lang} />
        <Summary project={project} />
        <div class="plein-project__story">
          <Outcome project={project} lang={lang} />
          <Occasion project={project} lang={lang} />
          <Approach project={project} lang={lang} />
          <Outputs project={project} lang={lang} />
          <Uses project={project} lang={lang} />
          <EndedEmbargo project={project} lang={lang} />
          <Lessons project={project} />
          <Comparable project={project} named={named} />
        </div>
        <div class="plein-project__more">
          <Contacts project={project} />
          <Published record={project} />
        </div>
        <p class="plein-address">
          {project.uri} · {project.license.label}
        </p>
      </article>
    </div>
  )
}

function Opening({ project, lang }: { project: Project; lang?: string }) {
  const { t } = useWhere()
  const { publisher, question, summary, phase, goodFirstProject, provenance } = project
  return (
    <div class="plein-project__opening">
      <p class="plein-meta">
        {t.project.of} <A to={`/udc/${publisher.slug}`}>{publisher.name}</A>
      </p>
      <H level={1} lang={lang} class={names(question && 'plein-project__title')}>
        {project.title}
      </H>
      {question && (
        <p class="plein-question" lang={lang}>
          {question}
        </p>
      )}
      <ul class="plein-badges">
        <li>
          <Badge tone={toneOf(phase)}>{t.phase[phase]}</Badge>
        </li>
        {goodFirstProject && (
          <li>
            <Badge tone="good">{t.project.goodFirst}</Badge>
          </li>
        )}
      </ul>
      {summary && (
        <P lead lang={lang}>
          {summary}
        </P>
      )}
      <Origin of={provenance} />
    </div>
  )
}

function Occasion({ project, lang }: { project: Project; lang?: string }) {
  const { t } = useWhere()
  if (!project.occasion) return null
  return (
    <section class="plein-noprint" aria-labelledby="aanleiding">
      <H level={2} id="aanleiding">
        {t.project.occasion}
      </H>
      <div lang={lang}>
        <Prose html={project.occasion} />
      </div>
    </section>
  )
}
