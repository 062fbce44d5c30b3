import type { ComponentChildren } from 'preact'
import { useId, useRef, useState } from 'preact/hooks'
import { change } from '../../graphql/ask'
import { WrittenTextDocument, type WrittenTextQuery } from '../../graphql/generated/graphql'
import { Prose } from '../../ui'
import type { FieldProps } from '../../ui/Field'
import { useDesk, useValue, useWords } from './desk'
import { mark, type Markup as Mark } from './markup'
import { Framed, useSelection, type FieldNaming } from './Text'
import { other, otherLanguage, partAt, typed } from './values'

const marks: Mark[] = ['bold', 'heading', 'list', 'link']

/** A text with markup in the working copy, and how it will look. */
export function Markdown({ rows, maxLength, ...naming }: FieldNaming & { rows?: number; maxLength?: number }) {
  const { value, set, save } = useValue<string>(naming.name)
  return (
    <Framed {...naming} hint={naming.hint}>
      {(props) => (
        <Markup props={props} label={naming.label} lang={naming.lang} rows={rows} maxLength={maxLength} value={value} onType={set} onBlur={save}>
          <Look name={naming.name} lang={naming.lang} />
        </Markup>
      )}
    </Framed>
  )
}

interface MarkupProps {
  props: FieldProps
  label: string
  lang?: string
  rows?: number
  maxLength?: number
  value: string
  onType: (text: string) => void
  onBlur?: () => void
  children?: ComponentChildren
}

/** A plain field with a few buttons for markup. */
export function Markup({ props, label, lang, rows = 8, maxLength = 64_000, value, onType, onBlur, children }: MarkupProps) {
  const words = useWords()
  const field = useRef<HTMLTextAreaElement>(null)
  const select = useSelection(field)
  const apply = (as: Mark) => {
    const { selectionStart: from, selectionEnd: to } = field.current!
    const written = mark({ text: value, from, to }, as, words.markup.placeholder)
    select(written.from, written.to)
    onType(written.text)
  }
  return (
    <div class="plein-markdown">
      <div class="plein-markdown__bar" role="group" aria-label={words.markup.label(label)}>
        {marks.map((as) => (
          <button key={as} type="button" onClick={() => apply(as)}>
            {words.markup[as]}
          </button>
        ))}
      </div>
      <textarea ref={field} {...props} lang={lang} rows={rows} maxLength={maxLength} value={value} onInput={(e) => onType(typed(e.currentTarget.value))} onBlur={onBlur} />
      {children}
    </div>
  )
}

/** How the saved text will look. */
function Look({ name, lang }: { name: string; lang?: string }) {
  const words = useWords()
  const { copy } = useDesk()
  const id = useId()
  const [html, setHtml] = useState<string | null>()
  const [said, say] = useState('')
  const look = async () => {
    if (html !== undefined) {
      setHtml(undefined)
      return
    }
    say(words.markup.busy)
    await copy.flush()
    const { id, contentLanguage } = copy.record
    const { data, failure } = await change(WrittenTextDocument, { id, lang: name.startsWith(other) ? otherLanguage(contentLanguage) : contentLanguage })
    say(failure || !copy.isSettled ? words.markup.failed : '')
    if (data) setHtml(htmlOf(data, name))
  }
  return (
    <>
      <button type="button" class="plein-link" aria-expanded={html !== undefined} aria-controls={id} onClick={() => void look()}>
        {html === undefined ? words.markup.look : words.markup.close}
      </button>{' '}
      <span role="status">{said}</span>
      <div id={id}>
        {html !== undefined && <div class="plein-look">{html ? <Prose html={html} lang={lang} /> : <p>{words.markup.empty}</p>}</div>}
      </div>
    </>
  )
}

function htmlOf({ draft }: WrittenTextQuery, name: string): string | null {
  const part = partAt(name)
  let of: object | undefined = draft ?? undefined
  if (part && draft && 'outputs' in draft) of = draft[part.list].find((p) => p.id === part.id)
  const field = part?.field ?? name.replace(other, '')
  return ((of as Record<string, string | null> | undefined) ?? {})[field] ?? null
}
