import { useDecision } from '../../features/deciding'
import { Failed } from '../../features/Failed'
import type { Handed } from '../../features/HandedLink'
import { MemberAskDocument, MemberLeaveDocument, MemberRoleChangeDocument, type MemberFragment, type MemberRole } from '../../graphql/generated/graphql'
import { datum } from '../../taal'
import { Badge, Button, H, P } from '../../ui'
import { Errors } from '../../ui/Field'
import { useWhere } from '../../where'
import { Roles } from './Roles'

interface Props {
  of: MemberFragment
  organization: string
  roles: MemberRole[]
  isManager: boolean
  isSelf: boolean
  sendsMail: boolean
  onDone: (what: string, link?: Handed) => void
}

/** Somebody who belongs to the organisation, and what can be done about it. */
export function Member(props: Props) {
  const { t, language } = useWhere()
  const words = t.members
  const { of, isManager, isSelf } = props
  const { state, email, lastSignInAt } = of.user
  const seen = state === 'ACTIVE' && (lastSignInAt ? words.seen(datum(lastSignInAt, language)) : words.neverSeen)
  return (
    <>
      {state && state !== 'ACTIVE' && <Badge tone="warn">{words.states[state]}</Badge>}
      <div>
        <H level={3} class="plein-tasks__name">
          {of.user.displayName} {isSelf && words.self}
        </H>
        <p class="plein-meta">{[t.person.role[of.role], email, seen].filter(Boolean).join(' · ')}</p>
        {isManager && <Change {...props} />}
      </div>
    </>
  )
}

/** The ways to change what somebody is. */
function Change({ of, organization, roles, isSelf, sendsMail, onDone }: Props) {
  const { t } = useWhere()
  const words = t.members
  const { errors, failure, isBusy, decide } = useDecision()
  const { displayName: name, email, state } = of.user
  const setRole = async (event: SubmitEvent) => {
    event.preventDefault()
    const role = new FormData(event.currentTarget as HTMLFormElement).get('rol') as MemberRole
    if (await decide(MemberRoleChangeDocument, { input: { id: of.id, role } })) onDone(words.roleSet(name, t.person.role[role]))
  }
  const remove = async () => {
    if (await decide(MemberLeaveDocument, { input: { id: of.id } })) onDone(words.removed(name))
  }
  const askAgain = async () => {
    const asked = await decide(MemberAskDocument, { input: { organization, email: email!, role: of.role } })
    if (asked) onDone(words.asked(email!, asked, sendsMail), asked.url ? { name: email!, url: asked.url } : undefined)
  }
  return (
    <>
      <Failed why={failure} />
      <Errors title={t.account.errors} errors={errors} />
      {state === 'INVITED' && email && (
        <p>
          <button type="button" class="plein-link" disabled={isBusy} onClick={() => void askAgain()}>
            {words.askAgain}
            <span class="plein-hidden">: {email}</span>
          </button>
        </p>
      )}
      {roles.length > 1 && (
        <details>
          <summary>
            {words.changeRole}
            <span class="plein-hidden">: {name}</span>
          </summary>
          <form class="plein-form" onSubmit={setRole}>
            {isSelf && <P>{words.ownRole}</P>}
            <Roles of={roles} id={of.id} chosen={of.role} />
            <Button type="submit" disabled={isBusy}>
              {words.saveRole}
            </Button>
          </form>
        </details>
      )}
      <details>
        <summary>
          {words.remove}
          <span class="plein-hidden">: {name}</span>
        </summary>
        <P>{isSelf ? words.removeSelfText : words.removeText}</P>
        <Button type="button" kind="secondary" disabled={isBusy} onClick={() => void remove()}>
          {words.removeNow(name)}
        </Button>
      </details>
    </>
  )
}
