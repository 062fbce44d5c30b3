import { useDecision } from '../../features/deciding'
import { Failed } from '../../features/Failed'
import type { Handed } from '../../features/HandedLink'
import { AccountDisableDocument, AccountEraseDocument, AccountLinkDocument, AccountNodeRolesDocument, type AccountFragment } from '../../graphql/generated/graphql'
import { datum } from '../../taal'
import { A, Badge, Button, Facts, H, List, P } from '../../ui'
import { Choice } from '../../ui/Choice'
import { errorAt, Errors, Field } from '../../ui/Field'
import { useWhere } from '../../where'

interface Props {
  of: AccountFragment
  isSelf: boolean
  sendsMail: boolean
  onDone: (what: string, link?: Handed) => void
}

/** Somebody who can sign in, or could. */
export function Account(props: Props) {
  const { t, language } = useWhere()
  const words = t.node.accounts
  const { of, isSelf } = props
  const roles = [of.isNodeAdministrator && words.administrator, of.isModerator && words.moderator].filter(Boolean)
  return (
    <>
      {of.state && of.state !== 'ACTIVE' && <Badge tone="warn">{t.members.states[of.state]}</Badge>}
      <div>
        <H level={3} class="plein-tasks__name">
          {of.displayName} {isSelf && words.self}
        </H>
        <p class="plein-meta">{of.email}</p>
        <Facts
          facts={[
            [words.organizations, of.memberships.length > 0 ? <List of={of.memberships.map((m) => <A key={m.id} to={`/beheer/${m.organization.slug}/leden`}>{`${m.organization.name} (${t.person.role[m.role]})`}</A>)} /> : words.noOrganizations],
            [words.roles, roles.join(', ')],
            [words.lastSignIn, of.lastSignInAt ? datum(of.lastSignInAt, language) : words.never],
          ]}
        />
        {isSelf ? (
          <p>
            {words.own} <A to="/mijn/account">{words.ownLink}</A>.
          </p>
        ) : (
          <details>
            <summary>
              {words.manage}
              <span class="plein-hidden">: {of.displayName}</span>
            </summary>
            <Change {...props} />
          </details>
        )}
      </div>
    </>
  )
}

/** What who looks after the node can do about an account. */
function Change({ of, sendsMail, onDone }: Props) {
  const { t } = useWhere()
  const words = t.node.accounts
  const { errors, failure, isBusy, decide } = useDecision()
  const { id, displayName: name, state } = of
  const isDisabled = state === 'DISABLED'
  const saveRoles = async (event: SubmitEvent) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget as HTMLFormElement)
    const input = { id, nodeAdministrator: given.has('beheerder'), moderator: given.has('moderator') }
    if (await decide(AccountNodeRolesDocument, { input })) onDone(words.rolesSaved(name))
  }
  const giveLink = async () => {
    const given = await decide(AccountLinkDocument, { id })
    if (given) onDone(words.linked(name, Boolean(given.url)), given.url ? { name, url: given.url } : undefined)
  }
  const turn = async () => {
    if (await decide(AccountDisableDocument, { input: { id, disabled: !isDisabled } })) onDone(isDisabled ? words.enabled(name) : words.disabled(name))
  }
  const erase = async (event: SubmitEvent) => {
    event.preventDefault()
    const email = String(new FormData(event.currentTarget as HTMLFormElement).get('adres'))
    if (await decide(AccountEraseDocument, { input: { id, email } }, { email: `${id}-adres` })) onDone(words.erased)
  }
  return (
    <>
      <Failed why={failure} />
      <Errors title={t.account.errors} errors={errors} />
      <form class="plein-form" onSubmit={saveRoles}>
        <fieldset class="plein-field">
          <legend>{words.roles}</legend>
          <Choice type="checkbox" id={`${id}-beheerder`} name="beheerder" label={words.administrator} hint={words.administratorHint} defaultChecked={Boolean(of.isNodeAdministrator)} />
          <Choice type="checkbox" id={`${id}-moderator`} name="moderator" label={words.moderator} hint={words.moderatorHint} defaultChecked={Boolean(of.isModerator)} />
        </fieldset>
        <Button type="submit" kind="secondary" disabled={isBusy}>
          {words.saveRoles}
        </Button>
      </form>
      {!isDisabled && (
        <>
          <H level={4}>{words.link}</H>
          <P>{words.linkText[`${sendsMail}`]}</P>
          <Button type="button" kind="secondary" disabled={isBusy} onClick={() => void giveLink()}>
            {words.linkNow}
          </Button>
        </>
      )}
      <H level={4}>{words.access}</H>
      <P>{isDisabled ? words.enableText : words.disableText}</P>
      <Button type="button" kind="secondary" disabled={isBusy} onClick={() => void turn()}>
        {isDisabled ? words.enable : words.disable}
      </Button>
      <H level={4}>{words.erase}</H>
      <P>{words.eraseText}</P>
      <form class="plein-form" onSubmit={erase}>
        <Field id={`${id}-adres`} label={words.eraseEmail} error={errorAt(errors, `${id}-adres`)}>
          {(props) => <input {...props} name="adres" type="email" autocomplete="off" required maxLength={254} />}
        </Field>
        <Button type="submit" kind="secondary" disabled={isBusy}>
          {words.eraseNow}
        </Button>
      </form>
    </>
  )
}
