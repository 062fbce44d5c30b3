import { useDone } from '../../features/Told'
import { PageMineDocument, type PageMineQuery } from '../../graphql/generated/graphql'
import { page } from '../../page'
import { A, ButtonLink, H, Notice, P } from '../../ui'
import { useWhere } from '../../where'
import { Community } from './Community'
import { Waiting } from './Waiting'
import { Discarded, Published, Working } from './Work'

type Viewer = NonNullable<PageMineQuery['viewer']>

export default page({
  document: PageMineDocument,
  shows: (data, { t }) => ({
    title: t.mine.title,
    hidden: true,
    body: <Mine data={data} viewer={data.viewer!} />,
  }),
})

function Mine({ data, viewer }: { data: PageMineQuery; viewer: Viewer }) {
  const { t } = useWhere()
  const [told, done] = useDone()
  const writesFor = viewer.memberships.filter((m) => m.organization.viewerCan.includes('WRITE'))
  const manages = viewer.isNodeAdministrator || viewer.memberships.some((m) => m.organization.viewerCan.length > 0)
  const isGuest = Boolean(viewer.guestIn?.length)
  return (
    <div class="plein-wrap plein-mine-page">
      <div class="plein-mine-page__top">
        <H level={1}>{t.mine.title}</H>
        <p class="plein-actions">
          {writesFor.length > 0 && (
            <ButtonLink to="/publiceren/nieuw" kind="primary">
              {t.mine.create}
            </ButtonLink>
          )}
          {manages && <ButtonLink to="/beheer">{t.mine.manage}</ButtonLink>}
        </p>
      </div>
      {told}
      <Welcome viewer={viewer} writes={writesFor.length > 0} />
      {(writesFor.length > 0 || isGuest) && (
        <>
          <Waiting data={data} organizations={writesFor.map((m) => m.organization)} done={done} />
          <Working first={data.working} writes={writesFor.length > 0} />
          <Published first={data.published} />
          <Discarded first={data.discarded} done={done} />
        </>
      )}
      <Community first={data.communityRecords} />
    </div>
  )
}

/** What somebody can do here who has nothing to work on (yet). */
function Welcome({ viewer, writes }: { viewer: Viewer; writes: boolean }) {
  const { t } = useWhere()
  if (writes || viewer.guestIn?.length) return null
  const words = t.mine.welcome
  return (
    <Notice title={words.title(viewer.displayName)}>
      <P>{viewer.memberships.length > 0 ? words.member : viewer.isNodeAdministrator ? words.administrator : words.alone}</P>
      {viewer.isNodeAdministrator && (
        <p>
          <A to="/beheer/node">{words.manage}</A>
        </p>
      )}
    </Notice>
  )
}
