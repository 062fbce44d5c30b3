import { PageManageDocument, type PageManageQuery } from '../../graphql/generated/graphql'
import { page } from '../../page'
import { A, Breadcrumbs, H, P } from '../../ui'
import { useWhere } from '../../where'

type Viewer = NonNullable<PageManageQuery['viewer']>
type Membership = Viewer['memberships'][number]

export default page({
  document: PageManageDocument,
  shows: ({ viewer }, { t }) => ({ title: t.manage.title, hidden: true, body: <Manage viewer={viewer!} /> }),
})

function Manage({ viewer }: { viewer: Viewer }) {
  const { t } = useWhere()
  const words = t.manage
  const managed = viewer.memberships.map((m) => [m, waysOf(m)] as const).filter(([, ways]) => ways.length > 0)
  return (
    <div class="plein-wrap plein-narrow">
      <Breadcrumbs trail={[['/mijn', t.frame.mine]]} />
      <H level={1}>{words.title}</H>
      {managed.length === 0 && !viewer.isNodeAdministrator && <P>{words.nothing}</P>}
      {managed.map(([{ organization }, ways]) => (
        <section key={organization.id} aria-labelledby={organization.id}>
          <H level={2} id={organization.id}>
            {organization.name}
          </H>
          <ul class="plein-tasks">
            {ways.map((way) => (
              <li key={way}>
                <div>
                  <A to={`/beheer/${organization.slug}/${way}`}>{words.ways[way].label}</A>
                  <p class="plein-meta">{words.ways[way].text}</p>
                </div>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {viewer.isNodeAdministrator && (
        <section aria-labelledby="catalogus">
          <H level={2} id="catalogus">
            {words.node}
          </H>
          <ul class="plein-tasks">
            <li>
              <div>
                <A to="/beheer/node">{words.nodeLabel}</A>
                <p class="plein-meta">{words.nodeText}</p>
              </div>
            </li>
            <li>
              <div>
                <A to="/beheer/netwerk">{words.networkLabel}</A>
                <p class="plein-meta">{words.networkText}</p>
              </div>
            </li>
          </ul>
        </section>
      )}
    </div>
  )
}

type Way = 'leden' | 'tokens' | 'profiel' | 'termijnen' | 'importeren' | 'logboek'

/** What somebody can look after in an organisation. */
function waysOf({ organization: { viewerCan } }: Membership): Way[] {
  const ways: [Way, Membership['organization']['viewerCan'][number]][] = [
    ['leden', 'MANAGE_MEMBERS'],
    ['profiel', 'UPDATE'],
    ['termijnen', 'WRITE'],
    ['importeren', 'WRITE'],
    ['tokens', 'MANAGE_TOKENS'],
    ['logboek', 'READ_LOG'],
  ]
  return ways.filter(([, action]) => viewerCan.includes(action)).map(([way]) => way)
}
