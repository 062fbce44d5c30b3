import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Button } from '../../ui'
import { useWhere } from '../../where'
import { Marked } from '../Marked'
import { wordsOf, type Piece } from '../words'
import { idOf, useDesk, useWords } from './desk'
import { isText, linesOf } from './describe'
import type { Value } from './merge'
import { typed } from './values'

// In a browser: two texts of 2,000 words, and half a second at the most.
const cells = 4_000_000

/** A field of the working copy that two people changed: both, with what differs, and the choice between them. */
export function Conflict({ name, label }: { name: string; label: string }) {
  const { t, language } = useWhere()
  const { copy, lists } = useDesk()
  const conflict = copy.conflicts().find(({ key }) => key === name)
  if (!conflict) return null
  return (
    <Either
      {...conflict}
      id={idOf(name)}
      label={label}
      lang={isText(name) ? copy.record.contentLanguage.toLowerCase() : undefined}
      lines={isText(name) ? undefined : (value) => linesOf(name, value, lists, t, language)}
      onChoose={(value) => void copy.resolve(name, value)}
    />
  )
}

interface Both {
  /** Of the field, in the page. */
  id: string
  label: string
  mine: Value
  theirs: Value
  /** Language of a text. */
  lang?: string
  /** What a value says, line by line; undefined for a text, of which the words are compared. */
  lines?: (value: Value) => string[]
  onChoose: (value: Value) => void
}

/** What two people made of a field, and the choice between them. Neither goes before one is made. */
export function Either(both: Both) {
  const words = useWords()
  const { id, label, mine, theirs, lines } = both
  const [isMixing, setMixing] = useState(false)
  const choose = (value: Value) => {
    both.onChoose(value)
    // The field comes where this was.
    requestAnimationFrame(() => document.getElementById(id)?.focus())
  }
  return (
    <section class="plein-conflict" id={id} tabIndex={-1} aria-labelledby={`${id}-titel`}>
      <p class="plein-notice__title" id={`${id}-titel`}>
        {words.conflict.title(label)}
      </p>
      <p>{words.conflict.text}</p>
      <Sides {...both} />
      {isMixing ? (
        <Mix id={id} start={String(mine)} onDone={choose} />
      ) : (
        <div class="plein-actions">
          <Button type="button" kind="secondary" onClick={() => choose(mine)}>
            {words.conflict.mine}
          </Button>
          <Button type="button" kind="secondary" onClick={() => choose(theirs)}>
            {words.conflict.theirs}
          </Button>
          {!lines && (
            <Button type="button" kind="secondary" onClick={() => setMixing(true)}>
              {words.conflict.mix}
            </Button>
          )}
          {Array.isArray(mine) && (
            <Button type="button" kind="secondary" onClick={() => choose(union(theirs as unknown[], mine))}>
              {words.conflict.both}
            </Button>
          )}
        </div>
      )}
    </section>
  )
}

function union(a: readonly unknown[], b: readonly unknown[]): unknown[] {
  const there = new Set(a.map((x) => JSON.stringify(x)))
  return [...a, ...b.filter((x) => !there.has(JSON.stringify(x)))]
}

function Sides({ mine, theirs, lang, lines }: Both) {
  const words = useWords()
  if (!lines) {
    const pieces = wordsOf(String(theirs ?? ''), String(mine ?? ''), cells)
    const without = (kind: Piece['kind']) => pieces.filter((piece) => piece.kind !== kind && piece.text)
    const marked = { inserted: words.conflict.onlyMine, deleted: words.conflict.onlyTheirs }
    return (
      <div class="plein-conflict__both">
        <Side title={words.conflict.yours} lang={lang}>
          {mine === '' ? words.nothing : <Marked of={without('removed')} words={marked} />}
        </Side>
        <Side title={words.conflict.others} lang={lang}>
          {theirs === '' ? words.nothing : <Marked of={without('added')} words={marked} />}
        </Side>
      </div>
    )
  }
  const [own, now] = [mine, theirs].map(lines)
  const listed = (of: string[], against: string[], Tag: 'ins' | 'del') => (
    <ul class="plein-bare">
      {of.map((line) => (
        <li key={line}>{against.includes(line) ? line : <Tag>{line}</Tag>}</li>
      ))}
    </ul>
  )
  return (
    <div class="plein-conflict__both">
      <Side title={words.conflict.yours}>{listed(own, now, 'ins')}</Side>
      <Side title={words.conflict.others}>{listed(now, own, 'del')}</Side>
    </div>
  )
}

function Side({ title, lang, children }: { title: string; lang?: string; children: ComponentChildren }) {
  return (
    <div>
      <p class="plein-conflict__whose">{title}</p>
      <div class="plein-diff__line" lang={lang}>
        {children}
      </div>
    </div>
  )
}

/** One text made of both. */
function Mix({ id, start, onDone }: { id: string; start: string; onDone: (text: string) => void }) {
  const words = useWords()
  const [text, setText] = useState(start)
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => field.current?.focus(), [])
  return (
    <div class="plein-field">
      <label for={`${id}-samen`}>{words.conflict.together}</label>
      <textarea ref={field} id={`${id}-samen`} rows={8} value={text} onInput={(e) => setText(typed(e.currentTarget.value))} />
      <div class="plein-actions">
        <Button type="button" onClick={() => onDone(text)}>
          {words.conflict.keepMix}
        </Button>
      </div>
    </div>
  )
}
