import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/** What ties a field to its label, its hint and its error. */
export interface FieldProps {
  id: string
  'aria-describedby'?: string
  'aria-invalid'?: true
}

/** What helps to fill in a field, and what is wrong with it. describedBy ties the field to both. */
export function Help({ id, hint, error }: { id: string; hint?: ComponentChildren; error?: ComponentChildren }) {
  return (
    <>
      {hint && (
        <p class="plein-field__hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="plein-field__error" id={`${id}-fout`}>
          {error}
        </p>
      )}
    </>
  )
}

/** The ids of what Help shows; undefined where that is nothing. */
export const describedBy = (id: string, hint?: ComponentChildren, error?: ComponentChildren) => [hint && `${id}-hint`, error && `${id}-fout`].filter(Boolean).join(' ') || undefined

/** A field with its label above it: a hint says what to fill in, an error what is wrong with that. */
export function Field({ id, label, hint, error, children }: { id: string; label: ComponentChildren; hint?: ComponentChildren; error?: ComponentChildren; children: (props: FieldProps) => ComponentChildren }) {
  return (
    <div class={error ? 'plein-field plein-field--wrong' : 'plein-field'}>
      <label for={id}>{label}</label>
      <Help id={id} hint={hint} error={error} />
      {children({ id, 'aria-describedby': describedBy(id, hint, error), 'aria-invalid': error ? true : undefined })}
    </div>
  )
}

/** What is wrong, and the id of the field in which; undefined where it is in none. */
export type FieldError = [field: string | undefined, message: ComponentChildren]

/** What is wrong in this field. */
export const errorAt = (errors: FieldError[], field: string) => errors.find(([at]) => at === field)?.[1]

/**
 * What has to be mended, above the form, with the way to each field. It takes the focus when it is given other errors:
 * pass the same array as long as nothing was sent again. On a new page it has the focus without a script too.
 */
export function Errors({ title, errors }: { title: string; errors: FieldError[] }) {
  const summary = useRef<HTMLDivElement>(null)
  useEffect(() => summary.current?.focus(), [errors])
  if (errors.length === 0) return null
  return (
    <div class="plein-notice plein-notice--warn" role="alert" tabIndex={-1} autoFocus ref={summary}>
      <p class="plein-notice__title">{title}</p>
      <ul class="plein-bare">
        {errors.map(([field, message], i) => (
          <li key={i}>{field ? <a class="nl-link" href={'#' + field}>{message}</a> : message}</li>
        ))}
      </ul>
    </div>
  )
}
