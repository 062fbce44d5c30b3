import { useState } from 'preact/hooks'
import { Copyable } from '../../features/Copyable'
import { useDecision } from '../../features/deciding'
import { Failed } from '../../features/Failed'
import { notFound } from '../../features/gone'
import { useDone } from '../../features/Told'
import { PageTokensDocument, TokenMakeDocument, TokenTakeBackDocument, type ApiScope, type PageTokensQuery, type TokenFragment } from '../../graphql/generated/graphql'
import { page } from '../../page'
import { datum } from '../../taal'
import { A, Breadcrumbs, Button, Facts, H, Notice, P } from '../../ui'
import { errorAt, Errors, Field } from '../../ui/Field'
import { useWhere } from '../../where'

type Organization = NonNullable<PageTokensQuery['organization']>

export default page({
  document: PageTokensDocument,
  variables: ({ params }) => ({ slug: params.organization }),
  shows: ({ organization }, where) => {
    if (!organization?.apiTokens) return notFound(where)
    return { title: `${where.t.manage.tokens.title} – ${organization.name}`, hidden: true, body: <Tokens organization={organization} tokens={organization.apiTokens} /> }
  },
})

function Tokens({ organization, tokens }: { organization: Organization; tokens: TokenFragment[] }) {
  const { t } = useWhere()
  const words = t.manage.tokens
  const [told, done] = useDone()
  const [secret, setSecret] = useState('')
  const made = (name: string, secret: string) => {
    setSecret(secret)
    done(words.made(name))
  }
  return (
    <div class="plein-wrap plein-narrow">
      <Breadcrumbs trail={[['/beheer', t.manage.title]]} />
      <H level={1}>{words.title}</H>
      <p class="plein-meta">{organization.name}</p>
      {told}
      {secret && <Secret text={secret} />}
      <P lead>{words.lead}</P>
      <p>
        <A to="/api">{words.api}</A>
      </p>
      <H level={2}>{words.present}</H>
      {tokens.length === 0 && <P>{words.none}</P>}
      <ul class="plein-tasks">
        {tokens.map((token) => (
          <li key={token.id}>
            <Token token={token} done={done} />
          </li>
        ))}
      </ul>
      {organization.viewerCan.includes('MANAGE_TOKENS') && <Make organization={organization} onMade={made} />}
    </div>
  )
}

/** A token that works, and the way to take it back. */
function Token({ token, done }: { token: TokenFragment; done: (what: string) => void }) {
  const { t, language } = useWhere()
  const words = t.manage.tokens
  const { errors, failure, isBusy, decide } = useDecision()
  const takeBack = async () => {
    if (await decide(TokenTakeBackDocument, { id: token.id })) done(words.takenBack(token.name))
  }
  return (
    <div>
      <H level={3}>{token.name}</H>
      <Facts
        facts={[
          [words.scopes, token.scopes.map((s) => words.scope[s]).join(', ')],
          [words.expires, datum(token.expiresAt, language)],
          [words.used, token.lastUsedAt ? datum(token.lastUsedAt, language) : words.never],
        ]}
      />
      <Failed why={failure} />
      <Errors title={t.account.errors} errors={errors} />
      <details>
        <summary>{words.takeBack}</summary>
        <P>{words.takeBackText}</P>
        <Button type="button" disabled={isBusy} onClick={() => void takeBack()}>
          {words.takeBackNow(token.name)}
        </Button>
      </details>
    </div>
  )
}

const scopes: ApiScope[] = ['READ_ORGANISATION', 'WRITE_RECORDS']

/** What a token is to a program: shown once. */
function Secret({ text }: { text: string }) {
  const { t, site } = useWhere()
  const words = t.manage.tokens
  return (
    <Notice title={words.secret}>
      <Copyable key={text} text={text} />
      <p>{words.secretText}</p>
      <pre class="plein-code" tabIndex={0}>
        <code>{`curl ${site.base}/graphql -H 'Content-Type: application/json' \\\n  -H 'Authorization: Bearer ${text}' \\\n  -d '{"query":"{ drafts(first: 5) { nodes { id title } } }"}'`}</code>
      </pre>
    </Notice>
  )
}

/** The form for a new one. */
function Make({ organization, onMade }: { organization: Organization; onMade: (name: string, secret: string) => void }) {
  const { t } = useWhere()
  const words = t.manage.tokens
  const { errors, failure, isBusy, decide } = useDecision()
  const make = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const given = new FormData(form)
    const input = { organization: organization.id, name: String(given.get('naam')), scopes: given.getAll('scope') as ApiScope[], days: Number(given.get('dagen')) }
    const made = await decide(TokenMakeDocument, { input }, { name: 'naam', scopes: 'READ_ORGANISATION', days: 'dagen' })
    if (!made) return
    form.reset()
    onMade(input.name, made.secret ?? '')
  }
  return (
    <section aria-labelledby="maken">
      <H level={2} id="maken">
        {words.make}
      </H>
      <form class="plein-form" onSubmit={make}>
        <Failed why={failure} />
        <Errors title={t.account.errors} errors={errors} />
        <Field id="naam" label={words.name} hint={words.nameHint} error={errorAt(errors, 'naam')}>
          {(props) => <input {...props} name="naam" required maxLength={100} />}
        </Field>
        <fieldset class={errorAt(errors, 'READ_ORGANISATION') ? 'plein-field plein-field--wrong' : 'plein-field'}>
          <legend>{words.scopes}</legend>
          {scopes.map((scope) => (
            <div class="plein-choice-one" key={scope}>
              <input type="checkbox" name="scope" id={scope} value={scope} defaultChecked={scope === 'READ_ORGANISATION'} />
              <label for={scope}>{words.scope[scope]}</label>
            </div>
          ))}
        </fieldset>
        <Field id="dagen" label={words.days} hint={words.daysHint} error={errorAt(errors, 'dagen')}>
          {(props) => <input {...props} name="dagen" type="number" inputMode="numeric" min={1} max={365} defaultValue="90" required />}
        </Field>
        <Button type="submit" disabled={isBusy}>
          {words.make}
        </Button>
      </form>
    </section>
  )
}
