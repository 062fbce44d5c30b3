import { Password } from '../../features/Password'
import { A, Breadcrumbs, Button, H, Notice, P } from '../../ui'
import { errorAt, Errors, type FieldError } from '../../ui/Field'
import { useWhere } from '../../where'

/** What happens when somebody erases their account, and the way to do so. */
export function Erase({ errors }: { errors: FieldError[] }) {
  const { t, href } = useWhere()
  const words = t.account.erase
  return (
    <div class="plein-wrap plein-narrow">
      <Breadcrumbs
        trail={[
          ['/mijn', t.frame.mine],
          ['/mijn/account', t.account.own.title],
        ]}
      />
      <Errors title={t.account.errors} errors={errors} />
      <H level={1}>{words.title}</H>
      <Notice tone="warn" title={words.warning}>
        <ul class="plein-ways">
          {words.facts.map((fact) => (
            <li key={fact}>{fact}</li>
          ))}
        </ul>
      </Notice>
      <P>
        <A to="/mijn/gegevens.json" download>
          {words.downloadFirst}
        </A>
      </P>
      <form method="post" action={href('/mijn/wissen')} class="plein-form">
        <Password name="password" label={words.password} error={errorAt(errors, 'password')} />
        <p class="plein-choice-one">
          <input type="checkbox" id="confirmation" name="confirmation" value="ja" required />
          <label for="confirmation">{words.confirm}</label>
        </p>
        <p class="plein-actions">
          <Button type="submit">{words.button}</Button>
          <A to="/mijn/account">{words.keep}</A>
        </p>
      </form>
    </div>
  )
}
