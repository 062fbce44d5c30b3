import { notFound } from '../../features/gone'
import { PageDutiesDocument, type OwedFragment, type PageDutiesQuery } from '../../graphql/generated/graphql'
import { page } from '../../page'
import { datum } from '../../taal'
import { A, Badge, Breadcrumbs, H, P } from '../../ui'
import { useWhere } from '../../where'

export default page({
  document: PageDutiesDocument,
  variables: ({ params, query }) => ({ slug: params.organization, id: params.organization, after: query.get('na') }),
  shows: (data, where) => {
    const { organization, overdue, coming } = data
    if (!organization || !overdue || !coming) return notFound(where)
    return { title: `${where.t.manage.duties.title} – ${organization.name}`, hidden: true, body: <Duties name={organization.name} overdue={overdue} coming={coming} /> }
  },
})

interface Lists {
  name: string
  overdue: NonNullable<PageDutiesQuery['overdue']>
  coming: NonNullable<PageDutiesQuery['coming']>
}

function Duties({ name, overdue, coming }: Lists) {
  const { t, path } = useWhere()
  const words = t.manage.duties
  const { hasNextPage, hasPreviousPage, endCursor } = coming.pageInfo
  return (
    <div class="plein-wrap plein-narrow">
      <Breadcrumbs trail={[['/beheer', t.manage.title]]} />
      <H level={1}>{words.title}</H>
      <p class="plein-meta">{name}</p>
      <P lead>{words.lead}</P>
      <section aria-labelledby="te-laat">
        <H level={2} id="te-laat">
          {words.overdue(overdue.totalCount)}
        </H>
        {overdue.totalCount === 0 ? <P>{words.noneOverdue}</P> : <Outputs of={overdue.nodes} />}
        {overdue.totalCount > overdue.nodes.length && <P>{words.firstOnly(overdue.nodes.length)}</P>}
      </section>
      <section aria-labelledby="komt">
        <H level={2} id="komt">
          {words.coming}
        </H>
        {coming.nodes.length === 0 ? <P>{words.noneComing}</P> : <Outputs of={coming.nodes} />}
        {hasPreviousPage && (
          <p>
            <A to={path}>{words.first}</A>
          </p>
        )}
        {hasNextPage && (
          <p>
            <A to={`${path}?na=${encodeURIComponent(endCursor!)}`}>{words.more}</A>
          </p>
        )}
      </section>
    </div>
  )
}

function Outputs({ of }: { of: OwedFragment[] }) {
  return (
    <ul class="plein-tasks">
      {of.map((owed) => (
        <li key={owed.output.id}>
          <Owed owed={owed} />
        </li>
      ))}
    </ul>
  )
}

function Owed({ owed: { output, project } }: { owed: OwedFragment }) {
  const { t, language } = useWhere()
  const words = t.manage.duties
  const day = (date: string | null) => (date ? datum(date, language) : '')
  const state = output.isOverdue ? 'OVERDUE' : (output.dutyState ?? 'NOT_DELIVERED')
  return (
    <>
      <Badge tone={output.isOverdue ? 'warn' : 'busy'}>{words.states[state]}</Badge>
      <div>
        <A to={`/publiceren/${project.id}?deel=producten`}>{output.title}</A>
        <p class="plein-meta">
          {project.title} · {words.madeBy(output.producedBy.name)}
          {output.deliveredOn && ` · ${words.delivered(day(output.deliveredOn))}`}
          {output.dueOn && ` · ${output.isOverdue ? words.wasDue(day(output.dueOn)) : words.due(day(output.dueOn))}`}
          {output.dutyState === 'UNDER_EMBARGO' && project.embargo?.until && ` · ${words.embargo(day(project.embargo.until))}`}
        </p>
      </div>
    </>
  )
}
