import { useEffect, useState } from 'preact/hooks'
import { Failed } from '../../features/Failed'
import type { Failure } from '../../graphql/ask'
import { Button } from '../../ui'
import { useWhere } from '../../where'

/** A part of a list. */
interface Part<Node> {
  nodes: Node[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

/** A list as far as it was loaded. */
export interface Parts<Node> {
  nodes: Node[]
  failure?: Failure
  /** Loads what comes after it; undefined at the end. */
  more?: () => Promise<void>
}

/** A list that grows on demand, from the part that came with the page. */
export function useParts<Node>(first: Part<Node> | null, load: (after: string) => Promise<{ part?: Part<Node>; failure?: Failure }>): Parts<Node> {
  const [loaded, setLoaded] = useState(first)
  const [failure, setFailure] = useState<Failure>()
  useEffect(() => setLoaded(first), [first])
  const { hasNextPage = false, endCursor = null } = loaded?.pageInfo ?? {}
  const more = async () => {
    const { part, failure } = await load(endCursor!)
    setFailure(failure)
    if (part) setLoaded((before) => ({ ...part, nodes: [...(before?.nodes ?? []), ...part.nodes] }))
  }
  return { nodes: loaded?.nodes ?? [], failure, more: hasNextPage && endCursor ? more : undefined }
}

/** The button that makes a list grow. */
export function More<Node>({ of: { more, failure } }: { of: Parts<Node> }) {
  const { t } = useWhere()
  return (
    <>
      <Failed why={failure} />
      {more && (
        <p>
          <Button kind="secondary" onClick={() => void more()}>
            {t.mine.more}
          </Button>
        </p>
      )}
    </>
  )
}
