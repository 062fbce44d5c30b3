import { formErrors } from '../../features/formErrors'
import { Password } from '../../features/Password'
import { PageAccessDocument, type PageAccessQuery } from '../../graphql/generated/graphql'
import { page } from '../../page'
import { A, Button, H, P } from '../../ui'
import { errorAt, Errors, Field, type FieldError } from '../../ui/Field'
import { useWhere } from '../../where'

type Link = NonNullable<PageAccessQuery['accessLink']>

const fields = { wachtwoord: 'password', naam: 'name', adres: 'email' }

export default page({
  document: PageAccessDocument,
  variables: ({ params }) => ({ secret: params.secret }),
  shows: ({ accessLink }, where) => {
    const { t } = where
    const title = accessLink ? t.account.access.title[accessLink.kind] : t.account.access.unknown
    const errors = accessLink ? formErrors(where, fields) : []
    return {
      status: accessLink ? 200 : 404,
      title: (errors.length ? t.account.error : '') + title,
      hidden: true,
      body: (
        <div class="plein-wrap">
          <div class="plein-form">
            <Errors title={t.account.errors} errors={errors} />
            <H level={1}>{title}</H>
            {accessLink ? <Choose link={accessLink} errors={errors} /> : <Unknown />}
          </div>
        </div>
      ),
    }
  },
})

function Choose({ link: { kind, email, name }, errors }: { link: Link; errors: FieldError[] }) {
  const { t, href, path } = useWhere()
  const words = t.account.access
  return (
    <form method="post" action={href(path)}>
      <P lead>{words.lead[kind]}</P>
      {kind !== 'RESET' && (
        <Field id="name" label={words.name} hint={words.nameHint} error={errorAt(errors, 'name')}>
          {(props) => <input {...props} name="name" value={name ?? ''} autocomplete="name" required maxLength={100} />}
        </Field>
      )}
      <Field id="email" label={t.account.email} error={errorAt(errors, 'email')}>
        {(props) => <input {...props} type="email" name="email" value={email ?? ''} readOnly={kind !== 'SETUP'} autocomplete="username" required maxLength={254} autocapitalize="none" spellcheck={false} />}
      </Field>
      <Password name="password" label={kind === 'RESET' ? words.newPassword : t.account.password} hint={t.account.rules} error={errorAt(errors, 'password')} isNew />
      <p>
        <Button type="submit">{words.button[kind]}</Button>
      </p>
      <p>
        <A to="/privacy">{words.privacy}</A>
      </p>
    </form>
  )
}

function Unknown() {
  const { t } = useWhere()
  const words = t.account.access
  return (
    <>
      <P>{words.unknownText}</P>
      <H level={2}>{words.unknownWays}</H>
      <ul class="plein-ways">
        <li>
          <A to="/inloggen">{words.unknownSignIn}</A>
        </li>
        <li>
          <A to="/wachtwoord-vergeten">{words.unknownForgotten}</A>
        </li>
        <li>{words.unknownInvited}</li>
      </ul>
    </>
  )
}
