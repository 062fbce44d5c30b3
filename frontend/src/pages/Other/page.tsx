import { elsewhere } from '../../features/elsewhere'
import { notFound } from '../../features/gone'
import { Origin, originalOf } from '../../features/Origin'
import { Published } from '../../features/Published'
import { langOf } from '../../features/records'
import { PageOtherDocument, type PageOtherQuery } from '../../graphql/generated/graphql'
import { page } from '../../page'
import { A, Breadcrumbs, H, P } from '../../ui'
import { useWhere } from '../../where'

type Other = Extract<NonNullable<NonNullable<PageOtherQuery['address']>['record']>, { __typename: 'OtherRecord' }>

export default page({
  document: PageOtherDocument,
  variables: ({ params }) => ({ path: `/overig/${params.publisher}/${params.slug}` }),
  shows: ({ address }, where) => {
    const other = elsewhere(address, where)
    const found = address?.record
    if (other || found?.__typename !== 'OtherRecord') return other ?? notFound(where)
    return { title: found.title, record: found.id, original: originalOf(found), description: found.summary ?? undefined, body: <Whole other={found} /> }
  },
})

function Whole({ other }: { other: Other }) {
  const { t, language } = useWhere()
  const lang = langOf(other, language)
  return (
    <article class="plein-wrap">
      <Breadcrumbs trail={[['/zoeken?soort=OTHER', t.other.all]]} />
      <H level={1} lang={lang}>
        {other.title}
      </H>
      <p class="plein-meta">
        {t.kind.OtherRecord} · <A to={'/udc/' + other.publisher.slug}>{other.publisher.name}</A>
      </p>
      <Origin of={other} />
      <div class="plein-columns">
        <div>
          {other.summary && (
            <P lead lang={lang}>
              {other.summary}
            </P>
          )}
          <P>{t.other.text(other.origin.node.name, other.typeName)}</P>
        </div>
        <div>
          <Published record={other} />
        </div>
      </div>
    </article>
  )
}
