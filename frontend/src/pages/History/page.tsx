import { Differences } from '../../features/Differences'
import { notFound } from '../../features/gone'
import { PageHistoryDocument, type PageHistoryQuery } from '../../graphql/generated/graphql'
import { page } from '../../page'
import { datum, tijd } from '../../taal'
import { A, Breadcrumbs, H, P } from '../../ui'
import { useWhere } from '../../where'

type Draft = NonNullable<PageHistoryQuery['draft']>
type Line = NonNullable<Draft['history']>['nodes'][number]

export default page({
  document: PageHistoryDocument,
  variables: ({ params, query }) => ({ id: params.id, after: query.get('na') }),
  shows: ({ draft }, where) => {
    if (!draft?.history) return notFound(where)
    return { title: `${where.t.history.title} – ${draft.title}`, hidden: true, body: <History draft={draft} history={draft.history} /> }
  },
})

function History({ draft, history: { nodes, pageInfo } }: { draft: Draft; history: NonNullable<Draft['history']> }) {
  const { t, path } = useWhere()
  const words = t.history
  return (
    <div class="plein-wrap plein-narrow">
      <Breadcrumbs trail={[['/mijn', t.frame.mine], [`/publiceren/${draft.id}`, draft.title]]} />
      <H level={1}>{words.title}</H>
      <P lead>{words.lead}</P>
      {pageInfo.hasPreviousPage && (
        <p>
          <A to={path}>{words.newest}</A>
        </p>
      )}
      <ol class="plein-timeline">
        {nodes.map((line) => (
          <li key={line.id}>
            <Entry line={line} />
          </li>
        ))}
      </ol>
      {pageInfo.hasNextPage && (
        <p>
          <A to={`${path}?na=${encodeURIComponent(pageInfo.endCursor!)}`}>{words.older}</A>
        </p>
      )}
    </div>
  )
}

function Entry({ line: { at, kind, reason, actor, differences } }: { line: Line }) {
  const { t, language } = useWhere()
  const words = t.history
  const link = kind === 'SHARED' && reason ? words.links[reason] : undefined
  return (
    <>
      <H level={2} class="plein-timeline__what">
        {link ?? words.kinds[kind]}
      </H>
      <p class="plein-meta">
        <time dateTime={at}>{words.at(datum(at, language), tijd(at))}</time>, {actor.label}
      </p>
      {reason && !link && <P>{reason}</P>}
      {differences && differences.length > 0 && (
        <details>
          <summary>{words.changed(differences.length)}</summary>
          <Differences of={differences} />
        </details>
      )}
    </>
  )
}
