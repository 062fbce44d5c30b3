import { notFound } from '../../features/gone'
import { InFull } from '../../features/publishing/InFull'
import { Changes, Outlook } from '../../features/publishing/Outlook'
import { PagePreviewDocument, type PagePreviewQuery } from '../../graphql/generated/graphql'
import { page } from '../../page'
import { A, Breadcrumbs, ButtonLink, H, P } from '../../ui'
import { useWhere } from '../../where'

type Draft = NonNullable<PagePreviewQuery['draft']>
type Seen = NonNullable<PagePreviewQuery['publicationPreview']>

export default page({
  document: PagePreviewDocument,
  variables: ({ params }) => ({ id: params.id }),
  shows: ({ draft, publicationPreview }, where) => {
    if (!draft || !publicationPreview) return notFound(where)
    return { title: `${where.t.publishing.preview} – ${draft.title}`, hidden: true, body: <Preview draft={draft} outlook={publicationPreview} /> }
  },
})

function Preview({ draft, outlook }: { draft: Draft; outlook: Seen }) {
  const { t } = useWhere()
  const words = t.publishing
  const at = `/publiceren/${draft.id}`
  return (
    <div class="plein-wrap plein-narrow">
      <Breadcrumbs trail={[['/mijn', t.frame.mine], [at, draft.title]]} />
      <H level={1}>{words.preview}</H>
      <Outlook draft={draft} outlook={outlook} />
      <div class="plein-actions">
        <ButtonLink to={at}>{words.back}</ButtonLink>
        {draft.viewerCan.includes('REVIEW') && (
          <ButtonLink kind="primary" to={`${at}/beoordelen`}>
            {words.review}
          </ButtonLink>
        )}
      </div>
      {draft.publicVersion > 0 && (
        <p>
          <A href="#verschil">{words.toChanges}</A>
        </p>
      )}
      {!outlook.record && <P>{words.nothingYet}</P>}
      <InFull record={outlook.record ?? draft} />
      <Changes draft={draft} outlook={outlook} />
    </div>
  )
}
