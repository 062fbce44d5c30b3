import { elsewhere } from '../../features/elsewhere'
import { ReportMistake, Reported } from '../../features/Mistake'
import { originalOf } from '../../features/Origin'
import { Published } from '../../features/Published'
import { PageProjectDocument, type PageProjectQuery } from '../../graphql/generated/graphql'
import { page, type Where } from '../../page'
import type { Match } from '../../routes'
import { Breadcrumbs } from '../../ui'
import { Comparable, isCode, perspectiveOf } from './Comparable'
import { ProjectInFull } from './InFull'
import { feedOf, type Project } from './project'
import { Lessons } from './Results'
import { ReusedBy } from './Reuse'
import { structured } from './structured'

export default page({
  document: PageProjectDocument,
  variables: ({ path, query }: Match) => {
    const from = perspectiveOf(query)
    return { path, reused: query.get('herhaald'), perspective: isCode(from) ? from : null, name: from, isNamed: from !== '' && !isCode(from) }
  },
  shows: (data, where) => {
    const record = data.address?.record
    const other = elsewhere(data.address, where)
    if (other || record?.__typename !== 'Project') return other!
    return {
      title: record.title,
      record: record.id,
      original: originalOf(record),
      description: record.summary ?? record.question ?? undefined,
      feed: feedOf(record),
      jsonLd: structured(record, where),
      body: <Whole project={record} named={data.municipalities} where={where} />,
    }
  },
})

function Whole({ project, named, where }: { project: Project; named: PageProjectQuery['municipalities']; where: Where }) {
  const foot = (
    <>
      <Published record={project} />
      {project.provenance !== 'PEER' && <ReportMistake id={project.id} />}
    </>
  )
  return (
    <div class="plein-wrap">
      <Breadcrumbs trail={where.t.project.trail} />
      <Reported />
      <ProjectInFull project={project} foot={foot}>
        <Lessons project={project} />
        <ReusedBy project={project} />
        <Comparable project={project} named={named} />
      </ProjectInFull>
    </div>
  )
}
