import { useState } from 'preact/hooks'
import { RecordLink } from '../../features/RecordLink'
import { langOf } from '../../features/records'
import { MineCommunityDocument, type CommunityFragment } from '../../graphql/generated/graphql'
import { change } from '../../graphql/ask'
import { Button, H, P } from '../../ui'
import { Field } from '../../ui/Field'
import { useWhere } from '../../where'
import { More, useParts } from './parts'

/** What is for the members of this node alone. */
export function Community({ first }: { first: CommunityFragment | null }) {
  const { t, language } = useWhere()
  const [query, setQuery] = useState('')
  const [found, setFound] = useState<CommunityFragment | null>(first)
  const load = async (query: string, after?: string) => {
    const { data, failure } = await change(MineCommunityDocument, { query: query || null, after })
    return { part: data?.list ?? undefined, failure }
  }
  const parts = useParts(found, (after) => load(query, after))
  if (!first || (first.totalCount === 0 && !query)) return null
  const search = async (event: SubmitEvent) => {
    event.preventDefault()
    const words = String(new FormData(event.currentTarget as HTMLFormElement).get('woorden')).trim()
    const { part } = await load(words)
    setQuery(words)
    if (part) setFound(part)
  }
  return (
    <section aria-labelledby="gemeenschap">
      <H level={2} id="gemeenschap">
        {t.mine.community}
      </H>
      <P>{t.mine.communityText}</P>
      <form onSubmit={search} class="plein-form" role="search" aria-label={t.mine.community}>
        <Field id="woorden" label={t.mine.communitySearch}>
          {(props) => (
            <div class="plein-field__row">
              <input {...props} name="woorden" maxLength={200} autocomplete="off" />
              <Button type="submit" kind="secondary">
                {t.frame.search}
              </Button>
            </div>
          )}
        </Field>
      </form>
      <p role="status">{query && t.mine.communityFound(found?.totalCount ?? 0)}</p>
      <ul class="plein-tasks">
        {parts.nodes.map((record) => (
          <li key={record.id}>
            <div>
              <RecordLink record={record} />
              {record.summary && <p lang={langOf(record, language)}>{record.summary}</p>}
              <p class="plein-meta">
                {t.kind[record.__typename]} · {record.publisher.name}
              </p>
            </div>
          </li>
        ))}
      </ul>
      <More of={parts} />
    </section>
  )
}
