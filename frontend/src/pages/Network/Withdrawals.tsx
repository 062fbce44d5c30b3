import { useEffect, useRef, useState } from 'preact/hooks'
import { Failed } from '../../features/Failed'
import { RecordLink } from '../../features/RecordLink'
import { change, type Failure } from '../../graphql/ask'
import { WaitingDocument, type WaitingQuery } from '../../graphql/generated/graphql'
import { getal } from '../../taal'
import { P } from '../../ui'
import { useWhere } from '../../where'

type Waiting = NonNullable<NonNullable<Extract<WaitingQuery['node'], { waitingWithdrawals?: unknown }>>['waitingWithdrawals']>

/** What a publisher withdrew and is still here, so that somebody can tell whether that is right. */
export function Withdrawals({ id, name }: { id: string; name: string }) {
  const { t, language } = useWhere()
  const words = t.network.problem
  const [list, setList] = useState<Waiting>()
  const [failure, setFailure] = useState<Failure>()
  const items = useRef<HTMLUListElement>(null)
  const ask = async (before?: Waiting, signal?: AbortSignal) => {
    const { data, failure } = await change(WaitingDocument, { id, after: before?.pageInfo.endCursor ?? null }, signal)
    setFailure(failure)
    const more = data?.node && 'waitingWithdrawals' in data.node ? data.node.waitingWithdrawals : undefined
    if (more) setList({ ...more, nodes: [...(before?.nodes ?? []), ...more.nodes] })
  }
  useEffect(() => {
    const visit = new AbortController()
    ask(undefined, visit.signal).catch(() => {}) // the page is gone
    return () => visit.abort()
  }, [id])
  const goOn = async () => {
    const shown = list!.nodes.length
    await ask(list)
    requestAnimationFrame(() => items.current?.querySelectorAll<HTMLElement>('li')[shown]?.focus()) // the button may be gone
  }
  if (!list) return <Failed why={failure} />
  if (list.totalCount === 0) return null
  const left = list.totalCount - list.nodes.length
  return (
    <>
      <P>{words.which(name)}</P>
      <ul class="plein-waiting" ref={items}>
        {list.nodes.map(({ uri, record }) => (
          <li key={uri} tabIndex={-1}>
            {record ? <RecordLink record={record} /> : uri}
          </li>
        ))}
      </ul>
      <Failed why={failure} />
      {left > 0 && list.pageInfo.hasNextPage && (
        <p>
          <button type="button" class="plein-link" onClick={() => void goOn()}>
            {words.more(getal(left, language))}
            <span class="plein-hidden">: {name}</span>
          </button>
        </p>
      )}
    </>
  )
}
