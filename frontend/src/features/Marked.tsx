import type { ComponentChildren } from 'preact'
import { useWhere } from '../where'
import type { Piece } from './words'

/** What came and went in a text: underlined or struck through for the eye; most screen readers do not tell, so for the ear there are words. */
export function Marked({ of, words: { inserted, deleted } }: { of: Piece[]; words: { inserted: string; deleted: string } }) {
  const { language } = useWhere()
  const said = (words: ComponentChildren) => (
    <span class="plein-hidden" lang={language}>
      {words}
    </span>
  )
  return (
    <>
      {of.map(({ kind, text }, i) => {
        const Tag = kind === 'added' ? 'ins' : 'del'
        const shown =
          kind === 'same' ? (
            text
          ) : (
            <Tag key={i}>
              {said(`${kind === 'added' ? inserted : deleted} `)}
              {text}
              {said(';')}
            </Tag>
          )
        return [i > 0 && ' ', shown]
      })}
    </>
  )
}
