import { formErrors } from '../../features/formErrors'
import { Password } from '../../features/Password'
import { PageSignInDocument, type PageSignInQuery } from '../../graphql/generated/graphql'
import { page } from '../../page'
import { A, Button, ButtonLink, H, Notice, P } from '../../ui'
import { errorAt, Errors, Field, type FieldError } from '../../ui/Field'
import { useWhere } from '../../where'

type Options = PageSignInQuery['service']['signIn']

/** What the accounts of the demo have in common; a test of the server keeps it the same as what is made there. */
const invented = { host: 'voorbeeld.example', password: 'drie molens in de mist' }

export default page({
  document: PageSignInDocument,
  shows: ({ service }, where) => {
    const { t, query } = where
    const errors = formErrors(where, { onjuist: 'email' })
    return {
      title: (query.has('fout') ? t.account.error : '') + t.account.signIn.title,
      hidden: true,
      body: (
        <div class="plein-wrap">
          <div class="plein-form">
            <Errors title={t.account.errors} errors={errors} />
            <H level={1}>{t.account.signIn.title}</H>
            {where.site.demo && <Invented />}
            {service.signIn.needsSetup ? <NotYet /> : <Ways options={service.signIn} errors={errors} />}
          </div>
        </div>
      ),
    }
  },
})

function NotYet() {
  const { t } = useWhere()
  return (
    <Notice title={t.account.signIn.needsSetup}>
      <p>{t.account.signIn.needsSetupText}</p>
    </Notice>
  )
}

function Invented() {
  const { demo, demoRole, demoPassword } = useWhere().t.account.signIn
  return (
    <Notice title={demo}>
      <ul>
        {Object.entries(demoRole).map(([who, does]) => (
          <li key={who}>
            <code>{`${who}@${invented.host}`}</code> {does}
          </li>
        ))}
      </ul>
      <p>
        {demoPassword} <code>{invented.password}</code>
      </p>
    </Notice>
  )
}

function Ways({ options: { openIdName }, errors }: { options: Options; errors: FieldError[] }) {
  const { t, href, query } = useWhere()
  const words = t.account.signIn
  const next = query.get('volgende')
  return (
    <>
      <P lead>{words.lead}</P>
      {openIdName && (
        <>
          <p>
            <ButtonLink href={'/inloggen/oidc?' + new URLSearchParams({ volgende: next ?? href('/mijn') })} kind="primary">
              {words.openId(openIdName)}
            </ButtonLink>
          </p>
          <H level={2}>{words.or}</H>
        </>
      )}
      <form method="post" action={href('/inloggen')}>
        {next && <input type="hidden" name="volgende" value={next} />}
        <Field id="email" label={t.account.email} error={errorAt(errors, 'email')}>
          {(props) => <input {...props} type="email" name="email" autocomplete="username" required maxLength={254} autocapitalize="none" spellcheck={false} />}
        </Field>
        <Password name="password" label={t.account.password} />
        <p>
          <Button type="submit" kind={openIdName ? 'secondary' : 'primary'}>
            {words.button}
          </Button>
        </p>
      </form>
      <ul class="plein-bare">
        <li>
          <A to="/wachtwoord-vergeten">{words.forgotten}</A>
        </li>
        <li>{words.noAccount}</li>
      </ul>
    </>
  )
}
