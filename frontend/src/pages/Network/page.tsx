import { notFound } from '../../features/gone'
import { Parts } from '../../features/Parts'
import { useDone } from '../../features/Told'
import { PageNetworkDocument, type PageNetworkQuery } from '../../graphql/generated/graphql'
import { page } from '../../page'
import type { Match } from '../../routes'
import '../../style/network.css'
import { Breadcrumbs, H, Notice, P } from '../../ui'
import { useWhere } from '../../where'
import { Aside } from './Aside'
import { Copied, Keys } from './Keys'
import { Peers } from './Peers'

const parts = ['verbindingen', 'sleutels', 'apart'] as const
type Part = (typeof parts)[number]

const partIn = ({ query }: Match): Part => parts.find((part) => part === query.get('deel')) ?? 'verbindingen'

export default page({
  document: PageNetworkDocument,
  variables: (where) => ({ peers: partIn(where) === 'verbindingen', quarantine: partIn(where) === 'apart', after: where.query.get('na') }),
  shows: (data, where) => {
    const { t } = where
    if (!data.viewer!.isNodeAdministrator) return notFound(where)
    return { title: `${t.network.part[partIn(where)]} – ${t.network.title}`, hidden: true, body: <Network part={partIn(where)} data={data} /> }
  },
})

function Network({ part, data: { federation, service } }: { part: Part; data: PageNetworkQuery }) {
  const { t, path } = useWhere()
  const words = t.network
  const { isOn, self, peers, quarantine } = federation
  const keys = federation.keys ?? []
  const [told, done] = useDone() // the notice of a copy is gone when it is told that it goes on
  return (
    <div class="plein-wrap plein-narrow">
      <Breadcrumbs trail={[['/beheer', t.manage.title]]} />
      <H level={1}>{words.title}</H>
      <P lead>{words.lead}</P>
      {!isOn && <Off isDemo={service.isDemo} />}
      {isOn && (
        <>
          {told}
          {keys.some(({ isElsewhere }) => isElsewhere) && <Copied onClaimed={(what) => done(what, part === 'verbindingen' ? path : `${path}?deel=${part}`)} />}
          <Parts label={words.parts} of={parts} at={part} words={words.part} />
          {peers && <Peers given={peers} />}
          {part === 'sleutels' && <Keys self={self} keys={keys} />}
          {quarantine && <Aside list={quarantine} />}
        </>
      )}
    </div>
  )
}

/** How a node begins to exchange. */
function Off({ isDemo }: { isDemo: boolean }) {
  const words = useWhere().t.network.off
  return (
    <Notice title={words.title}>
      {isDemo ? (
        <P>{words.demo}</P>
      ) : (
        <>
          <P>{words.text}</P>
          <p class="plein-copyable">
            <code>plein serve --base-url https://plein.uwgemeente.nl</code>
          </p>
          <P>{words.fixed}</P>
        </>
      )}
    </Notice>
  )
}
