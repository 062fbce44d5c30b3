import { RecordLink } from '../../features/RecordLink'
import { A, H, P, Prose } from '../../ui'
import { useWhere } from '../../where'
import type { InFull, Project } from './project'

/** The projects that this one was made after. */
export function BasedOn({ project: { basedOn }, lang }: { project: InFull; lang?: string }) {
  const { t } = useWhere()
  if (basedOn.length === 0) return null
  return (
    <section class="plein-noprint" aria-labelledby="gebaseerd">
      <H level={2} id="gebaseerd">
        {t.project.basedOn}
      </H>
      <ul class="plein-items">
        {basedOn.map(({ kind, to, whatWeDidDifferently }) => (
          <li key={to.publisher.slug + to.slug}>
            <H level={3}>
              <RecordLink record={to} />
            </H>
            <p class="plein-meta">
              {to.publisher.name} · {t.project.reuseKind[kind]}
            </p>
            <Prose html={whatWeDidDifferently} lang={lang} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The projects that say that they were made after this one. */
export function ReusedBy({ project: { reusedBy, impact } }: { project: Project }) {
  const { t, path, query } = useWhere()
  const p = t.project
  const { nodes, totalCount, pageInfo } = reusedBy
  if (totalCount === 0) return null
  return (
    <section class="plein-noprint" aria-labelledby="herhaald">
      <H level={2} id="herhaald">
        {p.reused(impact.reuseMunicipalityCount)}
      </H>
      <P>{p.reusedBy(totalCount)}</P>
      <ul class="plein-ways">
        {nodes.map(({ kind, from }) => (
          <li key={from.publisher.slug + from.slug}>
            <RecordLink record={from} /> · {from.publisher.name} · {p.reuseKind[kind]}
          </li>
        ))}
      </ul>
      {(pageInfo.hasNextPage || query.has('herhaald')) && (
        <p class="plein-actions">
          {query.has('herhaald') && <A to={`${path}#herhaald`}>{p.reusedFirst}</A>}
          {pageInfo.hasNextPage && <A to={`${path}?herhaald=${encodeURIComponent(pageInfo.endCursor!)}#herhaald`}>{p.reusedMore}</A>}
        </p>
      )}
    </section>
  )
}
