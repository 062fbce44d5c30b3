import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Field } from '../ui/Field'
import { useScript, useWhere } from '../where'

/** A field for a password, which can be shown where there is a script. */
export function Password({ name, label, hint, error, isNew }: { name: string; label: string; hint?: ComponentChildren; error?: ComponentChildren; isNew?: boolean }) {
  const { t } = useWhere()
  const [shown, setShown] = useState(false)
  const script = useScript()
  return (
    <Field id={name} label={label} hint={hint} error={error}>
      {(props) => (
        <div class="plein-field__row">
          <input
            {...props}
            type={shown ? 'text' : 'password'}
            name={name}
            autocomplete={isNew ? 'new-password' : 'current-password'}
            required
            minLength={isNew ? 12 : undefined}
            maxLength={isNew ? 128 : undefined}
            spellcheck={false}
            autocapitalize="none"
          />
          {script && (
            <button type="button" class="plein-link" aria-pressed={shown} onClick={() => setShown(!shown)}>
              {t.account.show}
            </button>
          )}
        </div>
      )}
    </Field>
  )
}
