import { PageOrganizationsDocument, type OrganizationInListFragment, type PageOrganizationsQuery } from '../../graphql/generated/graphql'
import { page, type Where } from '../../page'
import { datum, getal } from '../../taal'
import { A, H, P } from '../../ui'

type Udcs = NonNullable<PageOrganizationsQuery['udcs']>['nodes']

const cursorOf = (query: URLSearchParams) => (query.get('na') ?? '').slice(0, 500)

export default page({
  document: PageOrganizationsDocument,
  variables: ({ query }) => ({ after: cursorOf(query) || null, begin: !cursorOf(query) }),
  shows: ({ udcs, others }, where) => {
    const words = where.t.organization
    return {
      title: words.title,
      description: words.lead,
      hidden: cursorOf(where.query) !== '',
      body: (
        <div class="plein-wrap">
          <H level={1}>{words.title}</H>
          <P lead>{words.lead}</P>
          {udcs && <Udcs udcs={udcs.nodes} where={where} />}
          {others.nodes.length > 0 && <Others others={others} where={where} />}
        </div>
      ),
    }
  },
})

function Udcs({ udcs, where }: { udcs: Udcs; where: Where }) {
  const { t, language } = where
  const words = t.organization
  if (udcs.length === 0) return <P>{words.noUdcs}</P>
  return (
    <ul class="plein-cards">
      {udcs.map((o) => (
        <li key={o.slug} class="plein-card">
          <H level={2}>
            <A to={`/udc/${o.slug}`}>{o.name}</A>
          </H>
          <p class="plein-meta">
            {words.kinds[o.kind]}
            {o.activeSince && ` · ${words.since(datum(o.activeSince, language))}`}
          </p>
          {o.municipalities.length > 0 && (
            <p>
              {words.municipalities(o.municipalities.length)}: {o.municipalities.map((m) => m.name).join(', ')}
            </p>
          )}
          <p>{projectsOf(o, where)}</p>
        </li>
      ))}
    </ul>
  )
}

function Others({ others: { nodes, totalCount, pageInfo }, where }: { others: PageOrganizationsQuery['others']; where: Where }) {
  const { t, language } = where
  const words = t.organization
  return (
    <>
      <H level={2}>{words.others}</H>
      <P>{words.othersLead(getal(totalCount, language))}</P>
      <ul class="plein-rows">
        {nodes.map((o) => (
          <li key={o.slug}>
            <A to={`/udc/${o.slug}`}>{o.name}</A>{' '}
            <span class="plein-meta">
              {o.kind !== 'OTHER_PUBLIC_BODY' && `${words.kinds[o.kind]} · `}
              {projectsOf(o, where)}
            </span>
          </li>
        ))}
      </ul>
      {pageInfo.hasNextPage && pageInfo.endCursor && (
        <p>
          <A to={`/udc?na=${encodeURIComponent(pageInfo.endCursor)}`}>{words.more}</A>
        </p>
      )}
      {cursorOf(where.query) && (
        <p>
          <A to="/udc">{words.backToFirst}</A>
        </p>
      )}
    </>
  )
}

function projectsOf({ projects }: OrganizationInListFragment, { t, language }: Where): string {
  const [none, one, more] = t.organization.projectCount
  const n = projects.totalCount
  return n === 0 ? none : `${getal(n, language)} ${n === 1 ? one : more}`
}
