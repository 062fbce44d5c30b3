import { useDecision } from '../../features/deciding'
import { Failed } from '../../features/Failed'
import type { Handed } from '../../features/HandedLink'
import { MemberAskDocument, type MemberRole } from '../../graphql/generated/graphql'
import { Button, H, P } from '../../ui'
import { errorAt, Errors, Field } from '../../ui/Field'
import { useWhere } from '../../where'
import { Roles } from './Roles'

interface Props {
  organization: string
  roles: MemberRole[]
  sendsMail: boolean
  onDone: (what: string, link?: Handed) => void
}

/** The form by which somebody is asked to come. */
export function Invite({ organization, roles, sendsMail, onDone }: Props) {
  const { t } = useWhere()
  const words = t.members
  const { errors, failure, isBusy, decide } = useDecision()
  const ask = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const given = new FormData(form)
    const text = (name: string) => String(given.get(name) ?? '').trim()
    const email = text('adres')
    const input = { organization, email, name: text('naam') || null, role: (text('rol') || 'MEMBER') as MemberRole }
    const asked = await decide(MemberAskDocument, { input }, { email: 'adres', name: 'naam', role: `nieuw-${roles[0]}` })
    if (!asked) return
    form.reset()
    onDone(words.asked(email, asked, sendsMail), asked.url ? { name: input.name ?? email, url: asked.url } : undefined)
  }
  return (
    <section aria-labelledby="uitnodigen">
      <H level={2} id="uitnodigen">
        {words.invite}
      </H>
      <P>{sendsMail ? words.byMail : words.byLink}</P>
      <form class="plein-form" onSubmit={ask}>
        <Failed why={failure} />
        <Errors title={t.account.errors} errors={errors} />
        <Field id="adres" label={t.account.email} hint={words.emailHint} error={errorAt(errors, 'adres')}>
          {(props) => <input {...props} name="adres" type="email" autocomplete="off" required maxLength={254} />}
        </Field>
        <Field id="naam" label={words.name} hint={words.nameHint} error={errorAt(errors, 'naam')}>
          {(props) => <input {...props} name="naam" autocomplete="off" maxLength={100} />}
        </Field>
        {roles.length > 1 ? <Roles of={roles} id="nieuw" chosen="AUTHOR" /> : <P>{words.membersOnly}</P>}
        <Button type="submit" disabled={isBusy}>
          {words.inviteNow}
        </Button>
      </form>
    </section>
  )
}
