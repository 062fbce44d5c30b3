import type { MemberRole } from '../../graphql/generated/graphql'
import { Choice } from '../../ui/Choice'
import { useWhere } from '../../where'

/** A choice of roles, each with what one may do in it. */
export function Roles({ of, id, chosen }: { of: MemberRole[]; id: string; chosen: MemberRole }) {
  const { t } = useWhere()
  return (
    <fieldset class="plein-field">
      <legend>{t.members.role}</legend>
      {of.map((role) => (
        <Choice key={role} type="radio" name="rol" id={`${id}-${role}`} value={role} defaultChecked={role === chosen} label={t.person.role[role]} hint={t.members.roles[role]} />
      ))}
    </fieldset>
  )
}
