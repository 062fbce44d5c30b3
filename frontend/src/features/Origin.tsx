import type { HomeFragment } from '../graphql/generated/graphql'
import { datum } from '../taal'
import { A, Notice, P } from '../ui'
import { useWhere } from '../where'

/** Whose words a record holds and, of a copy, where it lives: said at the top of its page. Nothing where they are the publisher's own. */
export function Origin({ of: { provenance, origin } }: { of: HomeFragment }) {
  const { t, language } = useWhere()
  if (provenance === 'OWN') return null
  if (provenance !== 'PEER') {
    return (
      <Notice title={t.provenance[provenance]}>
        <P>{t.origin[provenance]}</P>
      </Notice>
    )
  }
  const { name } = origin.node
  return (
    <Notice title={t.copy.of(name) + (origin.fetchedAt ? t.copy.seen(datum(origin.fetchedAt, language)) : '')}>
      {origin.isStale && <P>{t.copy.asleep(name)}</P>}
      <P>
        <A href={origin.url}>{t.copy.act(name)}</A>
      </P>
    </Notice>
  )
}

/** The page of which a record is a copy, which search engines are led to; undefined for what lives here. */
export const originalOf = ({ provenance, origin }: HomeFragment): string | undefined => (provenance === 'PEER' ? origin.url : undefined)
