import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { names } from '../../ui'
import { describedBy, Help } from '../../ui/Field'
import { Icon } from '../../ui/Icon'
import { useWords } from './desk'
import type { Named } from './merge'

/** Something that was found by typing. */
export interface Found extends Named {
  hint?: string
}

const patience = 200 // milliseconds without a key before we look

/**
 * A field in which one finds something by typing: a combobox by ARIA 1.2. `find` throws an AbortError when it is aborted.
 * `missing` offers to add what is not there.
 */
export function Pick({ label, hint, error, find, onPick, missing }: { label: string; hint?: string; error?: string; find: (words: string, signal: AbortSignal) => Promise<Found[]>; onPick: (found: Found) => void; missing?: (words: string) => void }) {
  const words = useWords()
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const [found, setFound] = useState<Found[]>()
  const [at, setAt] = useState(-1)
  const [isHere, setHere] = useState(false)
  const underway = useRef<AbortController>()
  const timer = useRef<ReturnType<typeof setTimeout>>()
  const stop = () => {
    clearTimeout(timer.current)
    underway.current?.abort()
  }
  useEffect(() => stop, [])

  const close = () => {
    stop()
    setFound(undefined)
    setAt(-1)
  }
  const look = (typed: string) => {
    setText(typed)
    stop()
    const wanted = typed.trim()
    if (!wanted) return close()
    timer.current = setTimeout(() => {
      const visit = (underway.current = new AbortController())
      find(wanted, visit.signal).then(
        (list) => {
          if (visit.signal.aborted) return
          setFound(list)
          setAt(-1)
        },
        () => {}, // aborted: there is a later question
      )
    }, patience)
  }
  const pick = (one: Found) => {
    close()
    setText('')
    onPick({ id: one.id, name: one.name })
    field.current?.focus()
  }
  const keys = (event: KeyboardEvent) => {
    const n = found?.length ?? 0
    if (event.isComposing) return
    if (event.key === 'Enter') {
      if (at >= 0) pick(found![at])
      event.preventDefault() // a form is not sent by a choice
      return
    }
    if (n === 0) return
    if (event.key === 'ArrowDown') setAt((i) => (i < n - 1 ? i + 1 : 0))
    else if (event.key === 'ArrowUp') setAt((i) => (i <= 0 ? n - 1 : i - 1))
    else if (event.key === 'Escape') close()
    else return
    event.preventDefault()
  }

  const leave = () => {
    setHere(false)
    setAt(-1)
  }

  const isOpen = isHere && found !== undefined && found.length > 0
  return (
    <div class={names('plein-field', error && 'plein-field--wrong')}>
      <label for={id}>{label}</label>
      <Help id={id} hint={hint} error={error} />
      <div class="plein-pick">
        <input
          ref={field}
          id={id}
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={isOpen}
          aria-controls={`${id}-lijst`}
          aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
          aria-describedby={describedBy(id, hint, error)}
          aria-invalid={error ? true : undefined}
          autocomplete="off"
          spellcheck={false}
          value={text}
          onInput={(e) => look(e.currentTarget.value)}
          onKeyDown={keys}
          onFocus={() => setHere(true)}
          onBlur={leave}
        />
        <ul id={`${id}-lijst`} class="plein-options" role="listbox" aria-label={label} hidden={!isOpen}>
          {(found ?? []).map((one, i) => (
            // The field keeps the focus.
            <li key={one.id} id={`${id}-${i}`} role="option" aria-selected={i === at} onMouseDown={(e) => e.preventDefault()} onClick={() => pick(one)}>
              {one.name}
              {one.hint && <small> {one.hint}</small>}
            </li>
          ))}
        </ul>
      </div>
      <p class="plein-pick__said" role="status">
        {found && (found.length === 0 ? words.nothingFound(text) : <span class="plein-hidden">{words.found(found.length)}</span>)}
      </p>
      {missing && found?.length === 0 && (
        <button type="button" class="plein-link" onClick={() => missing(text.trim())}>
          {words.addMissing(text.trim())}
        </button>
      )}
    </div>
  )
}

/** What was picked, with a way to take each away. */
export function Picked({ of, label, onRemove }: { of: readonly Named[]; label: string; onRemove: (one: Named) => void }) {
  const words = useWords()
  if (of.length === 0) return null
  return (
    <ul class="plein-picked" aria-label={label}>
      {of.map((one) => (
        <li key={one.id}>
          {one.name}
          <button type="button" onClick={() => onRemove(one)}>
            <Icon name="cross" />
            <span class="plein-hidden">{words.removeOne(one.name)}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}
