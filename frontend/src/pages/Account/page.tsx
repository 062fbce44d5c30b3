import { formErrors } from '../../features/formErrors'
import { Password } from '../../features/Password'
import { useDone } from '../../features/Told'
import { PageAccountDocument, type PageAccountQuery } from '../../graphql/generated/graphql'
import { page } from '../../page'
import { datum } from '../../taal'
import { A, Breadcrumbs, Button, Facts, H, P } from '../../ui'
import { errorAt, Errors, type FieldError } from '../../ui/Field'
import { useWhere } from '../../where'
import { Erase } from './Erase'
import { Name } from './Name'
import { Sessions } from './Sessions'

export type Viewer = NonNullable<PageAccountQuery['viewer']>

export default page({
  document: PageAccountDocument,
  shows: ({ viewer }, where) => {
    const { t, query } = where
    const erases = query.get('deel') === 'wissen'
    const errors = formErrors(where, { onjuist: erases ? 'password' : 'present', wachtwoord: 'next', bevestiging: 'confirmation' }, { onjuist: t.account.own.wrongPassword })
    const title = erases ? t.account.erase.title : t.account.own.title
    return {
      title: (errors.length ? t.account.error : '') + title,
      hidden: true,
      body: erases ? <Erase errors={errors} /> : <Account viewer={viewer!} errors={errors} />,
    }
  },
})

function Account({ viewer, errors }: { viewer: Viewer; errors: FieldError[] }) {
  const { t, href, query, language } = useWhere()
  const words = t.account.own
  const [told, done] = useDone(query.get('gewijzigd') === 'wachtwoord' ? words.passwordChanged : '')
  return (
    <div class="plein-wrap plein-narrow">
      <Breadcrumbs trail={[['/mijn', t.frame.mine]]} />
      <Errors title={t.account.errors} errors={errors} />
      <H level={1}>{words.title}</H>
      {told}
      <Facts
        facts={[
          [t.account.email, viewer.email],
          [words.lastSignIn, viewer.lastSignInAt && datum(viewer.lastSignInAt, language)],
          [words.onNode, [viewer.isNodeAdministrator && words.administrator, viewer.isModerator && words.moderator].filter(Boolean).join(', ')],
        ]}
      />
      <div>
        <Name name={viewer.displayName} done={done} />
      </div>
      <Belonging viewer={viewer} />
      <section aria-labelledby="wachtwoord">
        <H level={2} id="wachtwoord">
          {words.password}
        </H>
        <form method="post" action={href('/mijn/wachtwoord')} class="plein-form">
          <input hidden readOnly autocomplete="username" value={viewer.email ?? ''} />
          <Password name="present" label={words.present} error={errorAt(errors, 'present')} />
          <Password name="next" label={t.account.access.newPassword} hint={t.account.rules} error={errorAt(errors, 'next')} isNew />
          <Button type="submit">{words.changePassword}</Button>
        </form>
      </section>
      <Sessions sessions={viewer.sessions ?? []} done={done} />
      <section aria-labelledby="gegevens">
        <H level={2} id="gegevens">
          {words.data}
        </H>
        <P>{words.dataText}</P>
        <p>
          <A to="/mijn/gegevens.json" download>
            {words.download}
          </A>
        </p>
        <p>
          <A to="/mijn/account?deel=wissen">{words.erase}</A>
        </p>
      </section>
    </div>
  )
}

/** What somebody is in organisations, and the projects of others in which they work. */
function Belonging({ viewer }: { viewer: Viewer }) {
  const { t } = useWhere()
  const words = t.account.own
  return (
    <section aria-labelledby="organisaties">
      <H level={2} id="organisaties">
        {words.organizations}
      </H>
      {viewer.memberships.length === 0 && <P>{words.noOrganizations}</P>}
      <ul class="plein-ways">
        {viewer.memberships.map(({ role, organization }) => (
          <li key={organization.id}>
            <A to={`/udc/${organization.slug}`}>{organization.name}</A>: {t.person.role[role]}
          </li>
        ))}
        {viewer.guestIn?.map((project) => (
          <li key={project.id}>
            <A to={`/publiceren/${project.id}/voorbeeld`}>{project.title}</A> ({project.publisher.name}): {words.guest}
          </li>
        ))}
      </ul>
      {viewer.memberships.length > 0 && <P>{words.roleText}</P>}
    </section>
  )
}
