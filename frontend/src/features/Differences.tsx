import type { DiffersFragment } from '../graphql/generated/graphql'
import { useWhere } from '../where'
import { Marked } from './Marked'
import { wordsOf } from './words'

// In a browser: two texts of 2,000 words, and half a second at the most.
const cells = 4_000_000

/** The fields that differ between two states of a record: in texts the words that came and went. */
export function Differences({ of }: { of: DiffersFragment[] }) {
  const { t } = useWhere()
  const words = t.history
  const marked = { inserted: words.inserted, deleted: words.deleted }
  return (
    <dl class="plein-facts plein-differences">
      {of.map(({ path, label, before, after }) => (
        <div key={path}>
          <dt>{label}</dt>
          <dd class="plein-diff__line">
            <Marked of={wordsOf(before ?? '', after ?? '', cells).filter((piece) => piece.text)} words={marked} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
