import { Card } from '../../features/Card'
import { RecordLink } from '../../features/RecordLink'
import { addressOf } from '../../features/searching'
import { getal } from '../../taal'
import { A, Fragments, List } from '../../ui'
import { useWhere } from '../../where'
import type { Found } from './found'

type Edge = Found['edges'][number]

/** A record that was found, and why. */
export function Hit({ edge, expansions }: { edge: Edge; expansions: Found['expansions'] }) {
  const { t } = useWhere()
  const piece = (field: string) => edge.highlights.find((h) => h.field === field)?.fragments
  const title = piece('title')
  const isShown = title?.map((f) => f.text).join('') === edge.node.title // else it was found in another language
  const text = piece('summary') ?? piece('body')
  const tags = edge.highlights.filter((h) => h.field === 'tags')
  const others = foundWith(edge, expansions)
  return (
    <Card record={edge.node} title={isShown && <Fragments of={title!} />} text={text && <Fragments of={text} />}>
      {tags.length > 0 && (
        <p class="plein-why">
          {t.search.tags}: <List of={tags.map((h) => <Fragments of={h.fragments} />)} />
        </p>
      )}
      {others.length > 0 && (
        <p class="plein-why">
          {t.search.foundWith}{' '}
          <List
            of={others.map((e) => (
              <>
                ‘{e.says}’ ({t.search.relation[e.relation](e.typed)})
              </>
            ))}
          />
        </p>
      )}
      {edge.alikeCount > 0 && <Alike edge={edge} />}
    </Card>
  )
}

const mostOthers = 2

/** The words found here that nobody typed. */
function foundWith(edge: Edge, expansions: Found['expansions']): Found['expansions'] {
  const hits = new Set(edge.highlights.flatMap((h) => h.fragments.filter((f) => f.hit).map((f) => f.text.toLowerCase())))
  const out: Found['expansions'] = []
  for (const e of expansions) {
    if (hits.delete(e.says.toLowerCase()) && !hits.has(e.typed) && out.length < mostOthers) out.push(e)
  }
  return out
}

/** The records that stand behind it because they are nearly the same. */
function Alike({ edge: { node, alike, alikeCount, alikePublisherCount } }: { edge: Edge }) {
  const { t, language } = useWhere()
  const elsewhere = alikePublisherCount - 1
  return (
    <details class="plein-alike">
      <summary>{elsewhere > 0 ? t.search.alikeElsewhere(getal(elsewhere, language)) : t.search.alikeHere(getal(alikeCount, language))}</summary>
      <ul>
        {alike.map((record) => (
          <li key={record.slug}>
            <RecordLink record={record} /> · {record.publisher.name}
          </li>
        ))}
        {alikeCount > alike.length && (
          <li>
            <A to={addressOf({ words: `"${node.title.replace(/"/g, ' ')}"`, apart: true })}>{t.search.alikeAll}</A>
          </li>
        )}
      </ul>
    </details>
  )
}
