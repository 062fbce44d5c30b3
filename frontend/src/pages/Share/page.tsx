import { notFound } from '../../features/gone'
import { useDone } from '../../features/Told'
import { PageShareDocument, type PageShareQuery } from '../../graphql/generated/graphql'
import { page } from '../../page'
import { datum, tijd } from '../../taal'
import { A, Breadcrumbs, H, Notice, P } from '../../ui'
import { useWhere } from '../../where'
import { Guests } from './Guests'
import { Links } from './Links'

type Draft = NonNullable<PageShareQuery['draft']>
export type Link = NonNullable<PageShareQuery['draftShares']>[number]
export type Guest = NonNullable<Extract<Draft, { guests?: unknown }>['guests']>[number]

export default page({
  document: PageShareDocument,
  variables: ({ params }) => ({ id: params.id }),
  shows: ({ draft, draftShares }, where) => {
    if (!draft) return notFound(where)
    return { title: `${where.t.publishing.share} – ${draft.title}`, hidden: true, body: <Share draft={draft} links={draftShares ?? []} /> }
  },
})

function Share({ draft, links }: { draft: Draft; links: Link[] }) {
  const { t, language } = useWhere()
  const words = t.publishing
  const [told, done] = useDone()
  const mayShare = draft.viewerCan.includes('SHARE')
  const mayInvite = draft.viewerCan.includes('INVITE')
  const embargo = 'embargo' in draft && draft.embargo?.state === 'ACTIVE' ? draft.embargo : undefined
  return (
    <div class="plein-wrap plein-narrow">
      <Breadcrumbs trail={[['/mijn', t.frame.mine], [`/publiceren/${draft.id}`, draft.title]]} />
      <H level={1}>{words.share}</H>
      {told}
      {!mayShare && !mayInvite && <P>{words.mayNotShare}</P>}
      {mayShare && embargo?.scope === 'WHOLE_RECORD' && (
        <Notice tone="warn" title={words.linksClosed}>
          <p>{words.linksClosedText(embargo.until ? words.until(datum(embargo.until, language), tijd(embargo.until)) : '')}</p>
        </Notice>
      )}
      {mayShare && <Links id={draft.id} links={links} isHeld={embargo !== undefined && embargo.scope !== 'WHOLE_RECORD'} done={done} />}
      {mayInvite && 'guests' in draft && <Guests id={draft.id} publisher={draft.publisher.name} guests={draft.guests ?? []} done={done} />}
      <p class="plein-actions">
        <A to={`/publiceren/${draft.id}`}>{words.back}</A>
      </p>
    </div>
  )
}
