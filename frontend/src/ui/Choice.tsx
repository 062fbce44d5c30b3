import type { ComponentChildren, JSX } from 'preact'

/** A box to tick, or one of several to choose from, with what that means below its label. */
export function Choice({ id, label, hint, ...input }: { id: string; label: ComponentChildren; hint: ComponentChildren } & JSX.InputHTMLAttributes) {
  return (
    <div class="plein-choice-one plein-choice-one--told">
      <input {...input} id={id} aria-describedby={`${id}-uitleg`} />
      <div>
        <label for={id}>{label}</label>
        <p class="plein-field__hint" id={`${id}-uitleg`}>
          {hint}
        </p>
      </div>
    </div>
  )
}
