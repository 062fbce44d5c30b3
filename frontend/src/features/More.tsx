import { A } from '../ui'
import { useWhere } from '../where'

/** The way on through a list and back to its start. `address` makes the address of the part after a cursor. */
export function More({ info, next, start, address }: { info: { endCursor: string | null; hasNextPage: boolean }; next: string; start: string; address: (after: string) => string }) {
  const { query } = useWhere()
  const isBegun = query.has('na')
  if (!info.hasNextPage && !isBegun) return null
  return (
    <p class="plein-actions">
      {isBegun && <A to={address('')}>{start}</A>}
      {info.hasNextPage && info.endCursor && (
        <A to={address(info.endCursor)} rel="next">
          {next}
        </A>
      )}
    </p>
  )
}
