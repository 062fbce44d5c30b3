import type { ComponentChildren } from 'preact'
import { formErrors } from '../../features/formErrors'
import { PageForgottenDocument } from '../../graphql/generated/graphql'
import { page } from '../../page'
import { A, Button, H, P } from '../../ui'
import { Errors, Field } from '../../ui/Field'
import { useWhere } from '../../where'

export default page({
  document: PageForgottenDocument,
  shows: ({ service }, where) => {
    const { t, query } = where
    const words = t.account.forgotten
    const [title, body] = !service.signIn.mail
      ? [words.noMail, <P>{words.noMailText}</P>]
      : query.has('verzonden')
        ? [words.sent, <Sent />]
        : [words.title, <Ask />]
    return {
      title: (query.has('fout') ? t.account.error : '') + title,
      hidden: true,
      body: (
        <div class="plein-wrap">
          <div class="plein-form">
            <Errors title={t.account.errors} errors={formErrors(where, {})} />
            <H level={1}>{title}</H>
            {body as ComponentChildren}
            <p>
              <A to="/inloggen">{words.back}</A>
            </p>
          </div>
        </div>
      ),
    }
  },
})

function Ask() {
  const { t, href } = useWhere()
  return (
    <form method="post" action={href('/wachtwoord-vergeten')}>
      <P lead>{t.account.forgotten.lead}</P>
      <Field id="email" label={t.account.email}>
        {(props) => <input {...props} type="email" name="email" autocomplete="username" required maxLength={254} autocapitalize="none" spellcheck={false} />}
      </Field>
      <p>
        <Button type="submit">{t.account.forgotten.button}</Button>
      </p>
    </form>
  )
}

function Sent() {
  const { t } = useWhere()
  return (
    <div role="status">
      <P>{t.account.forgotten.sentText}</P>
      <P>{t.account.forgotten.again}</P>
    </div>
  )
}
