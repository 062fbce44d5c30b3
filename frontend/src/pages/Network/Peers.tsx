import { useEffect, useRef, useState } from 'preact/hooks'
import { More } from '../../features/More'
import { useDone } from '../../features/Told'
import type { PeersFragment } from '../../graphql/generated/graphql'
import { getal } from '../../taal'
import { H, P } from '../../ui'
import { useWhere } from '../../where'
import { Add } from './Add'
import { Peer } from './Peer'
import { isFirstPull, useNow } from './watching'

/** A node that somebody asked to be looked at, and when it was looked at last before. */
interface Asked {
  id: string
  name: string
  before: string | null
}

/** The nodes that this one exchanges with: those that wait for a decision first. */
export function Peers({ given }: { given: PeersFragment }) {
  const { t, path, query, language } = useWhere()
  const words = t.network.peers
  const [told, done] = useDone()
  const [asked, setAsked] = useState<Asked>()
  const [said, say] = useState('')
  const isPulled = ({ nodes }: PeersFragment) => asked !== undefined && nodes.some(({ id, attemptedAt }) => id === asked.id && attemptedAt === asked.before)
  const peers = useNow(given, query.get('na'), (now) => now.nodes.some(isFirstPull) || isPulled(now))
  const wasFirst = useRef<string[]>([])
  useEffect(() => {
    const first = peers.nodes.filter(isFirstPull).map(({ id }) => id)
    for (const { id, name, lastSuccessAt } of peers.nodes) {
      if (lastSuccessAt && wasFirst.current.includes(id)) say(words.fetched(name))
    }
    wasFirst.current = first
    if (asked && !isPulled(peers)) {
      say(words.pulled(asked.name))
      setAsked(undefined)
    }
  }, [peers])
  const at = (after: string) => (after ? `${path}?na=${encodeURIComponent(after)}` : path)
  const here = at(query.get('na') ?? '')
  const waiting = peers.nodes.filter(({ state }) => state === 'PROPOSED')
  const others = peers.nodes.filter(({ state }) => state !== 'PROPOSED')
  return (
    <section aria-labelledby="verbindingen">
      {told}
      <p role="status" class="plein-meta">
        {said}
      </p>
      <H level={2} id="verbindingen">
        {words.count(peers.totalCount, getal(peers.totalCount, language))}
      </H>
      {peers.totalCount === 0 && <P>{words.none}</P>}
      <ul class="plein-peers">
        {[...waiting, ...others].map((peer) => (
          <li key={peer.id}>
            <Peer
              of={peer}
              onDone={(what) => done(what, here)}
              onAsked={() => {
                say(words.asked(peer.name))
                setAsked({ id: peer.id, name: peer.name, before: peer.attemptedAt })
              }}
            />
          </li>
        ))}
      </ul>
      <More info={peers.pageInfo} next={words.next} start={words.first} address={at} />
      <H level={2}>{t.network.add.title}</H>
      <Add onAdded={(what) => done(what, path)} />
    </section>
  )
}
