import { useEffect, useLayoutEffect, useState } from 'preact/hooks'
import { SuggestDocument, type SuggestQuery } from '../graphql/generated/graphql'
import { ask } from '../graphql/ask'
import { hashOf } from '../page'
import { useWhere } from '../where'

const patience = 150 // milliseconds without a key before we ask
const shortest = 2

/** Makes a combobox (ARIA 1.2) of a field: titles that go on from what is typed. At first `words` stand in it. */
export function Suggestions({ field, words }: { field: HTMLInputElement; words: string }) {
  const { t, language } = useWhere()
  const [titles, setTitles] = useState<string[]>([])
  const [at, setAt] = useState(-1)
  const isOpen = titles.length > 0
  const close = () => {
    setTitles([])
    setAt(-1)
  }
  const choose = (title: string) => {
    field.value = title
    close()
    field.form!.requestSubmit()
  }

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let underway: AbortController | undefined
    const stop = () => {
      clearTimeout(timer)
      underway?.abort()
    }
    const typed = () => {
      stop()
      const prefix = field.value.trim()
      if (prefix.length < shortest) return close()
      timer = setTimeout(() => {
        const visit = (underway = new AbortController())
        ask(hashOf(SuggestDocument), { prefix }, language, visit.signal).then(
          ({ data }) => {
            if (visit.signal.aborted) return
            setTitles((data as SuggestQuery | undefined)?.suggest ?? [])
            setAt(-1)
          },
          () => {}, // no suggestions: one types on
        )
      }, patience)
    }
    const left = () => {
      stop()
      close()
    }
    field.addEventListener('input', typed)
    field.addEventListener('blur', left)
    field.form?.addEventListener('submit', left)
    if (field.value !== words) typed() // somebody was faster than this code
    return () => {
      stop()
      field.removeEventListener('input', typed)
      field.removeEventListener('blur', left)
      field.form?.removeEventListener('submit', left)
    }
  }, [field, language])

  // Not later than what is shown: the next key may come at once.
  useLayoutEffect(() => {
    const keys = (event: KeyboardEvent) => {
      if (!isOpen || event.isComposing) return
      const n = titles.length
      if (event.key === 'ArrowDown') setAt((i) => (i < n - 1 ? i + 1 : -1))
      else if (event.key === 'ArrowUp') setAt((i) => (i < 0 ? n - 1 : i - 1))
      else if (event.key === 'Escape') close()
      else if (event.key === 'Enter' && at >= 0) choose(titles[at])
      else return
      event.preventDefault()
    }
    field.addEventListener('keydown', keys)
    return () => field.removeEventListener('keydown', keys)
  }, [field, titles, at])

  useLayoutEffect(() => {
    for (const [name, value] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': 'zoek-opties', 'aria-expanded': String(isOpen) })) field.setAttribute(name, value)
    if (at < 0) field.removeAttribute('aria-activedescendant')
    else field.setAttribute('aria-activedescendant', `zoek-optie-${at}`)
  }, [field, isOpen, at])

  return (
    <>
      <ul id="zoek-opties" class="plein-options" role="listbox" aria-label={t.frame.suggestions} hidden={!isOpen}>
        {titles.map((title, i) => (
          <li
            key={title}
            id={`zoek-optie-${i}`}
            role="option"
            aria-selected={i === at}
            // The field keeps the focus.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(title)}
          >
            {title}
          </li>
        ))}
      </ul>
      <span class="plein-hidden" role="status">
        {isOpen ? t.frame.suggested(titles.length) : ''}
      </span>
    </>
  )
}
