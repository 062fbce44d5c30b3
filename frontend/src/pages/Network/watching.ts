import { useEffect, useState } from 'preact/hooks'
import { change } from '../../graphql/ask'
import { PeersNowDocument, type PeersFragment } from '../../graphql/generated/graphql'

const pace = 2_000 // milliseconds between two looks
const longest = 900 // looks: half an hour

/** Whether everything that a node has is being fetched for the first time. */
export const isFirstPull = ({ state, isDirect, lastSuccessAt, lastError }: PeersFragment['nodes'][number]): boolean => isDirect && state === 'ACTIVE' && !lastSuccessAt && !lastError

/** The nodes as they are now: asked again while there is something to see, and not while nobody looks. */
export function useNow(given: PeersFragment, after: string | null, isWatched: (peers: PeersFragment) => boolean): PeersFragment {
  const [later, setLater] = useState({ than: given, peers: given })
  const peers = later.than === given ? later.peers : given
  const isBusy = isWatched(peers)
  useEffect(() => {
    if (!isBusy) return
    const visit = new AbortController()
    let timer: ReturnType<typeof setTimeout>
    let looks = 0
    const look = () => {
      change(PeersNowDocument, { after }, visit.signal).then(
        ({ data }) => {
          if (data?.federation.peers) setLater({ than: given, peers: data.federation.peers })
          wait()
        },
        () => {}, // the page is gone
      )
    }
    const wait = () => {
      clearTimeout(timer)
      if (!document.hidden && looks++ < longest) timer = setTimeout(look, pace)
    }
    wait()
    document.addEventListener('visibilitychange', wait)
    return () => {
      clearTimeout(timer)
      visit.abort()
      document.removeEventListener('visibilitychange', wait)
    }
  }, [isBusy, given, after])
  return peers
}
