import type { ComponentChildren } from 'preact'
import { P } from '../ui'
import { Field } from '../ui/Field'

/** In the name of which organisation something is made: a choice for who writes for more than one. */
export function Whose({ own, chosen, onChoose, words, error }: { own: { id: string; name: string }[]; chosen: string; onChoose: (id: string) => void; words: { organization: string; forOrganization: (name: string) => string }; error?: ComponentChildren }) {
  if (own.length === 1) return <P>{words.forOrganization(own[0].name)}</P>
  return (
    <Field id="organisatie" label={words.organization} error={error}>
      {(props) => (
        <select {...props} value={chosen} onChange={(e) => onChoose(e.currentTarget.value)}>
          {own.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
