import type { Provenance } from '../graphql/generated/graphql'
import { Notice, P } from '../ui'
import { useWhere } from '../where'

/** Whose words a record holds, said at the top of its page; nothing where they are the publisher's own. */
export function Origin({ of }: { of: Provenance }) {
  const { t } = useWhere()
  if (of === 'OWN') return null
  return (
    <Notice title={t.provenance[of]}>
      <P>{t.origin[of]}</P>
    </Notice>
  )
}
