import { notFound } from '../../features/gone'
import { InFull } from '../../features/publishing/InFull'
import { Changes, Outlook } from '../../features/publishing/Outlook'
import { useDone } from '../../features/Told'
import { PageReviewDocument, type PageReviewQuery } from '../../graphql/generated/graphql'
import { page } from '../../page'
import { datum, tijd } from '../../taal'
import { A, Breadcrumbs, H, Notice, P } from '../../ui'
import { useWhere } from '../../where'
import { Judgement } from './Judgement'

export type Draft = NonNullable<PageReviewQuery['draft']>
export type Seen = NonNullable<PageReviewQuery['publicationPreview']>

export default page({
  document: PageReviewDocument,
  variables: ({ params }) => ({ id: params.id }),
  shows: ({ viewer, draft, publicationPreview }, where) => {
    if (!draft || !publicationPreview) return notFound(where)
    const role = viewer?.memberships.find(({ organization }) => organization.id === draft.publisher.id)?.role
    const mayAtAll = role === 'COORDINATOR' || role === 'ORG_ADMIN'
    return { title: `${where.t.publishing.review} – ${draft.title}`, hidden: true, body: <Review draft={draft} outlook={publicationPreview} mayAtAll={mayAtAll} /> }
  },
})

function Review({ draft, outlook, mayAtAll }: { draft: Draft; outlook: Seen; mayAtAll: boolean }) {
  const { t } = useWhere()
  const words = t.publishing
  const [told, done] = useDone()
  const at = `/publiceren/${draft.id}`
  const may = draft.viewerCan.includes('REVIEW')
  return (
    <div class="plein-wrap plein-narrow">
      <Breadcrumbs trail={[['/mijn', t.frame.mine], [at, draft.title]]} />
      <H level={1}>{words.review}</H>
      {told}
      <Submitted draft={draft} />
      {!may && <WhyNot draft={draft} mayAtAll={mayAtAll} />}
      {draft.state === 'IN_REVIEW' && <Outlook draft={draft} outlook={outlook} />}
      {may && (
        <p>
          <A href="#oordeel">{words.toJudgement}</A>
        </p>
      )}
      <Changes draft={draft} outlook={outlook} />
      <H level={2}>{words.whole}</H>
      <P>{words.wholeText}</P>
      <InFull record={draft} />
      {may && <Judgement draft={draft} outlook={outlook} done={done} />}
      <p class="plein-actions">
        <A to={at}>{words.back}</A>
      </p>
    </div>
  )
}

/** Who offered it, when, and what they wrote with it. */
function Submitted({ draft }: { draft: Draft }) {
  const { t, language } = useWhere()
  const line = draft.state === 'IN_REVIEW' && draft.history?.nodes.find(({ kind }) => kind === 'SUBMITTED')
  if (!line) return null
  return (
    <>
      <P>{t.publishing.submitted(line.actor.label, datum(line.at, language), tijd(line.at))}</P>
      {line.reason && (
        <Notice>
          <p class="plein-diff__line">{line.reason}</p>
        </Notice>
      )}
    </>
  )
}

/** Why there is nothing to decide here for who looks. */
function WhyNot({ draft, mayAtAll }: { draft: Draft; mayAtAll: boolean }) {
  const { t } = useWhere()
  const words = t.publishing.whyNot
  const why = draft.state !== 'IN_REVIEW' ? words.states[draft.state] : mayAtAll ? words.ownWork : words.notYours
  return (
    <Notice>
      <p>{why}</p>
    </Notice>
  )
}
