import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Field, type FieldProps } from '../../ui/Field'
import { Conflict } from './Conflict'
import { idOf, useValue, useWords } from './desk'
import { typed } from './values'

/** What every field of a form has. */
export interface FieldNaming {
  name: string
  label: string
  hint?: ComponentChildren
  lang?: string
}

/** A field with its label, what is wrong with it, and what deserves another look. */
export function Framed({ name, label, hint, children }: FieldNaming & { children: (props: FieldProps) => ComponentChildren }) {
  const { error, note, isSplit } = useValue(name)
  if (isSplit) return <Conflict name={name} label={label} />
  return (
    <Field id={idOf(name)} label={label} hint={hint} error={error}>
      {(props) => (
        <>
          {children(props)}
          <Note text={note} />
        </>
      )}
    </Field>
  )
}

/** What deserves another look; nothing waits for it. */
export function Note({ text }: { text?: string }) {
  const words = useWords()
  return (
    <div role="status">
      {text && (
        <p class="plein-note">
          <strong>{words.note}</strong> {text}
        </p>
      )}
    </div>
  )
}

/** A line of text. */
export function Line({ type = 'text', inputMode, maxLength = 300, ...naming }: FieldNaming & { type?: 'text' | 'email' | 'url'; inputMode?: 'numeric' | 'decimal'; maxLength?: number }) {
  const { value, set, save } = useValue<string>(naming.name)
  return (
    <Framed {...naming}>
      {(props) => (
        <input {...props} type={type} inputMode={inputMode} lang={naming.lang} maxLength={maxLength} autocomplete="off" value={value} onInput={(e) => set(typed(e.currentTarget.value))} onBlur={save} />
      )}
    </Framed>
  )
}

/** Several lines of text. */
export function Lines({ rows = 3, maxLength = 5_000, ...naming }: FieldNaming & { rows?: number; maxLength?: number }) {
  const { value, set, save } = useValue<string>(naming.name)
  return (
    <Framed {...naming}>
      {(props) => <textarea {...props} lang={naming.lang} rows={rows} maxLength={maxLength} value={value} onInput={(e) => set(typed(e.currentTarget.value))} onBlur={save} />}
    </Framed>
  )
}

/** A list of lines of text, such as addresses: one a line. */
export function List({ rows = 3, ...naming }: FieldNaming & { rows?: number }) {
  const { value, set, save } = useValue<string[]>(naming.name)
  const [text, setText] = useState(value.join('\n'))
  const said = itemsOf(text)
  // Somebody else's lines come in; empty lines that one types stay.
  const shown = said.join('\n') === value.join('\n') ? text : value.join('\n')
  const type = (words: string) => {
    setText(words)
    set(itemsOf(words))
  }
  return <Framed {...naming}>{(props) => <textarea {...props} rows={rows} value={shown} onInput={(e) => type(typed(e.currentTarget.value))} onBlur={save} />}</Framed>
}

const itemsOf = (text: string): string[] => text.split('\n').map((line) => line.trim()).filter(Boolean)

/** A date as precise as it is known: a whole day by the browser's own field, else a year or a month as text. */
export function Day(naming: FieldNaming) {
  const words = useWords()
  const { value, set, save } = useValue<string>(naming.name)
  const [isRough, setRough] = useState(value !== '' && value.length < 10)
  const field = useRef<HTMLInputElement>(null)
  const toggled = useRef(false)
  useEffect(() => {
    if (toggled.current) field.current?.focus()
  }, [isRough])
  const toggle = () => {
    toggled.current = true
    setRough(!isRough)
  }
  return (
    <Framed {...naming} hint={isRough ? words.roughHint : naming.hint}>
      {(props) => (
        <div class="plein-field__row plein-day">
          <input ref={field} {...props} type={isRough ? 'text' : 'date'} maxLength={10} autocomplete="off" value={isRough || value.length === 10 ? value : ''} onInput={(e) => set(e.currentTarget.value.trim())} onBlur={save} />
          <button type="button" class="plein-link" onClick={toggle}>
            {isRough ? words.exactDay : words.roughDay}
          </button>
        </div>
      )}
    </Framed>
  )
}

/** Keeps the cursor where a button of the toolbar put it, after the new text is shown. */
export function useSelection(field: { current: HTMLTextAreaElement | null }): (from: number, to: number) => void {
  const next = useRef<[number, number]>()
  useLayoutEffect(() => {
    if (!next.current) return
    field.current?.focus()
    field.current?.setSelectionRange(...next.current)
    next.current = undefined
  })
  return (from, to) => void (next.current = [from, to])
}
