import { useEffect, useState } from 'preact/hooks'
import { change, type Answer } from '../../graphql/ask'
import { ReviewNoteDocument, type ReviewNoteQuery } from '../../graphql/generated/graphql'
import { datum } from '../../taal'
import { Notice } from '../../ui'
import { useWhere } from '../../where'

type History = NonNullable<ReviewNoteQuery['draft']>['history']
type Line = NonNullable<History>['nodes'][number]

const mostPages = 20 // of 100 lines: every time that somebody pauses is a line

/** What the reviewer asked for. */
export function ReviewNote({ id }: { id: string }) {
  const { t, language } = useWhere()
  const [line, setLine] = useState<Line>()
  useEffect(() => {
    const visit = new AbortController()
    lastNote(id, visit.signal).then(setLine, () => {}) // aborted: nobody looks any more
    return () => visit.abort()
  }, [id])
  if (!line) return null
  return (
    <Notice tone="warn" title={t.authoring.changesRequested(line.actor.label, datum(line.at, language))}>
      <p class="plein-diff__line">{line.reason}</p>
    </Notice>
  )
}

async function lastNote(id: string, signal: AbortSignal): Promise<Line | undefined> {
  let after: string | null = null
  for (let page = 0; page < mostPages; page++) {
    const answer: Answer<ReviewNoteQuery> = await change(ReviewNoteDocument, { id, after }, signal)
    const history: History | undefined = answer.data?.draft?.history
    const found = history?.nodes.find((line) => line.kind === 'CHANGES_REQUESTED')
    if (found || !history?.pageInfo.hasNextPage) return found
    after = history.pageInfo.endCursor
  }
  return undefined
}
