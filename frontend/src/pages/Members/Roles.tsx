import type { MemberRole } from '../../graphql/generated/graphql'
import { useWhere } from '../../where'

/** A choice of roles, each with what one may do in it. */
export function Roles({ of, id, chosen }: { of: MemberRole[]; id: string; chosen: MemberRole }) {
  const { t } = useWhere()
  return (
    <fieldset class="plein-field">
      <legend>{t.members.role}</legend>
      {of.map((role) => (
        <div class="plein-choice-one plein-choice-one--told" key={role}>
          <input type="radio" name="rol" id={`${id}-${role}`} value={role} defaultChecked={role === chosen} aria-describedby={`${id}-${role}-uitleg`} />
          <div>
            <label for={`${id}-${role}`}>{t.person.role[role]}</label>
            <p class="plein-field__hint" id={`${id}-${role}-uitleg`}>
              {t.members.roles[role]}
            </p>
          </div>
        </div>
      ))}
    </fieldset>
  )
}
