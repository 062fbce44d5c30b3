import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Button } from '../../ui'
import { Field, type FieldProps } from '../../ui/Field'
import { Conflict } from './Conflict'
import { idOf, useValue, useWords } from './desk'
import { Note } from './Text'
import { typed } from './values'

/** Rows of a list in the working copy, such as contacts: each with its own fields, and a way to take it away. */
export function Rows<T>({ name, label, titleOf, children }: { name: string; label: string; titleOf: (row: T) => string; children: (row: T, put: (row: T) => void, id: string, save: () => void) => ComponentChildren }) {
  const { value, set, save, error, note, isSplit } = useValue<readonly T[]>(name)
  const [gone, setGone] = useState<{ row: T; at: number }>()
  if (isSplit) return <Conflict name={name} label={label} />
  const put = (at: number, row: T) => set(value.with(at, row))
  const remove = (at: number) => {
    setGone({ row: value[at], at })
    set(value.toSpliced(at, 1))
    save()
  }
  const restore = () => {
    set(value.toSpliced(gone!.at, 0, gone!.row))
    setGone(undefined)
    save()
  }
  return (
    <div id={idOf(name)} tabIndex={-1}>
      {error && <p class="plein-field__error">{error}</p>}
      <Note text={note} />
      {value.map((row, at) => (
        <Row key={at} title={titleOf(row)} onRemove={() => remove(at)}>
          {children(row, (next) => put(at, next), `${idOf(name)}-${at}`, save)}
        </Row>
      ))}
      <Gone title={gone && titleOf(gone.row)} onRestore={restore} />
    </div>
  )
}

/** One thing in a list. */
export function Row({ title, lang, onRemove, children }: { title: string; lang?: string; onRemove?: () => void; children: ComponentChildren }) {
  const words = useWords()
  return (
    <fieldset class="plein-row">
      <legend lang={lang}>{title}</legend>
      {children}
      {onRemove && (
        <button type="button" class="plein-link" onClick={onRemove}>
          {words.remove}
          <span class="plein-hidden"> {title}</span>
        </button>
      )}
    </fieldset>
  )
}

/** What was just taken away, and the way back. It takes the focus, for what had it is gone. */
export function Gone({ title, onRestore }: { title?: string; onRestore: () => void }) {
  const words = useWords()
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (title !== undefined) place.current?.focus()
  }, [title])
  return (
    <div ref={place} tabIndex={-1} role="status">
      {title !== undefined && (
        <p class="plein-notice">
          {words.removed(title)}{' '}
          <button type="button" class="plein-link" onClick={onRestore}>
            {words.putBack}
          </button>
        </p>
      )}
    </div>
  )
}

/** What is being filled in for a new row. It stays in this browser until it is added. */
export function useNew<T extends object>(list: string, empty: T): { row: T; put: (changes: Partial<T>) => void; clear: () => void } {
  const { value, set } = useValue<readonly unknown[] | null>('+' + list)
  const row = { ...empty, ...(value?.[0] as T | undefined) }
  return { row, put: (changes) => set([{ ...row, ...changes }]), clear: () => set(null) }
}

/** The form for a new row. Errors are shown once somebody has tried to add it. */
export function Adder({ title, onAdd, children }: { title: string; onAdd: () => boolean | Promise<boolean>; children: ComponentChildren }) {
  const words = useWords()
  const place = useRef<HTMLFieldSetElement>(null)
  const [said, say] = useState('')
  const add = async () => {
    say('')
    const isAdded = await onAdd()
    if (isAdded) say(words.added)
    // What is wrong is shown by then.
    else requestAnimationFrame(() => place.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus())
  }
  return (
    <fieldset class="plein-row plein-row--new" ref={place}>
      <legend>{title}</legend>
      {children}
      <Button type="button" kind="secondary" onClick={() => void add()}>
        {words.add}
      </Button>{' '}
      <span role="status">{said}</span>
    </fieldset>
  )
}

interface EntryProps {
  id: string
  label: string
  hint?: string
  error?: string
  value: string
  onType: (text: string) => void
  onLeave?: () => void
}

/** A line of text that is not a field of the record by itself. */
export function Entry({ value, onType, onLeave, type = 'text', maxLength = 300, ...naming }: EntryProps & { type?: 'text' | 'email' | 'url' | 'date'; maxLength?: number }) {
  return (
    <Field {...naming}>
      {(props) => <input {...props} type={type} maxLength={maxLength} autocomplete="off" value={value} onInput={(e) => onType(typed(e.currentTarget.value))} onBlur={onLeave} />}
    </Field>
  )
}

/** One of a list, for what is not a field of the record by itself. */
export function Selection({ value, onType, onLeave, options, none, ...naming }: EntryProps & { options: { id: string; label: string }[]; none?: string }) {
  return (
    <Field {...naming}>
      {(props: FieldProps) => (
        <select {...props} value={value} onChange={(e) => onType(e.currentTarget.value)} onBlur={onLeave}>
          {none !== undefined && <option value="">{none}</option>}
          {options.map((option) => (
            <option key={option.id} value={option.id}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

/** A statement that is true or not, for what is not a field of the record by itself. */
export function Statement({ label, isTrue, onChange }: { label: string; isTrue: boolean; onChange: (isTrue: boolean) => void }) {
  return (
    <label class="plein-option">
      <input type="checkbox" checked={isTrue} onChange={() => onChange(!isTrue)} />
      <span>{label}</span>
    </label>
  )
}
