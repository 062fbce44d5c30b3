import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Button } from '../ui'
import { Icon } from '../ui/Icon'
import { useWhere } from '../where'

/** The search box: a plain form, which works before and without JavaScript. */
export function SearchBox({ compact, words, children }: { compact?: boolean; words?: string; children?: ComponentChildren }) {
  const { href } = useWhere()
  return (
    <form class={compact ? 'plein-search plein-search--compact' : 'plein-search'} action={href('/zoeken')} role="search">
      <SearchField words={words} placeholder={!compact} />
      {children}
    </form>
  )
}

/** Where one types, for a form that has more. */
export function SearchField({ words = '', placeholder }: { words?: string; placeholder?: boolean }) {
  const { t } = useWhere()
  const field = useRef<HTMLInputElement>(null)
  return (
    <>
      <label for="zoek">{t.frame.searchLabel}</label>
      <div class="plein-search__row">
        {/* Not of type search: that may not be a combobox. */}
        <input ref={field} id="zoek" name="q" value={words} placeholder={placeholder ? t.frame.searchPlaceholder : undefined} maxLength={200} enterkeyhint="search" autocomplete="off" spellcheck={false} />
        <Button type="submit">
          <Icon name="search" />
          {t.frame.search}
        </Button>
        <Helper field={field} words={words} />
      </div>
    </>
  )
}

type Suggestions = typeof import('./Suggestions').Suggestions

/** Suggestions, which are fetched with their code once somebody goes to the field. */
function Helper({ field, words }: { field: { current: HTMLInputElement | null }; words: string }) {
  const [loaded, setLoaded] = useState<{ Suggestions: Suggestions }>()
  useEffect(() => {
    const input = field.current!
    const load = () => void import('./Suggestions').then(setLoaded, () => {}) // without them one types on
    if (input === document.activeElement) load()
    else input.addEventListener('focus', load, { once: true })
    return () => input.removeEventListener('focus', load)
  }, [field])
  return loaded ? <loaded.Suggestions field={field.current!} words={words} /> : null
}
