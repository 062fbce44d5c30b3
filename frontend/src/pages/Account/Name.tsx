import { useState } from 'preact/hooks'
import { Failed } from '../../features/Failed'
import { AccountRenameDocument } from '../../graphql/generated/graphql'
import { change, type Failure } from '../../graphql/ask'
import { Button } from '../../ui'
import { errorAt, Errors, Field, type FieldError } from '../../ui/Field'
import { useWhere } from '../../where'

/** The form for one's own name. */
export function Name({ name, done }: { name: string; done: (what: string) => void }) {
  const { t } = useWhere()
  const [failure, setFailure] = useState<Failure>()
  const [errors, setErrors] = useState<FieldError[]>([])
  const save = async (event: SubmitEvent) => {
    event.preventDefault()
    const displayName = String(new FormData(event.currentTarget as HTMLFormElement).get('name'))
    const answer = await change(AccountRenameDocument, { input: { displayName } })
    setFailure(answer.failure)
    const wrong = answer.data?.accountUpdate.userErrors ?? []
    setErrors(wrong.map((e) => ['name', e.message]))
    if (answer.data && wrong.length === 0) done(t.account.own.nameSaved)
  }
  return (
    <form class="plein-form" onSubmit={save}>
      <Failed why={failure} />
      <Errors title={t.account.errors} errors={errors} />
      <Field id="name" label={t.account.access.name} hint={t.account.access.nameHint} error={errorAt(errors, 'name')}>
        {(props) => <input {...props} name="name" defaultValue={name} autocomplete="name" required maxLength={100} />}
      </Field>
      <Button type="submit" kind="secondary">
        {t.account.own.saveName}
      </Button>
    </form>
  )
}
