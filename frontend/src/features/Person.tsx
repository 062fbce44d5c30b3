import type { PersonFragment } from '../graphql/generated/graphql'
import { A, List } from '../ui'
import { useWhere } from '../where'
import '../style/person.css'

/** Who signed in, for which organisations, and the way out. */
export function Person({ person }: { person: PersonFragment }) {
  const { t, href } = useWhere()
  return (
    <section class="plein-person" aria-label={t.person.label}>
      <p>
        <A to="/mijn/account">{person.displayName}</A>{' '}
        <span class="plein-meta">
          <List of={person.memberships.map((m) => m.organization.name)} />
        </span>
      </p>
      <form method="post" action={href('/uitloggen')}>
        <button class="plein-link">{t.person.signOut}</button>
      </form>
    </section>
  )
}
