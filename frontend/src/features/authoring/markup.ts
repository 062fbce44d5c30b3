/** A text in a field, and what is selected in it. */
export interface Written {
  text: string
  from: number
  to: number
}

export type Markup = 'bold' | 'heading' | 'list' | 'link'

/** Puts marks of CommonMark around or before what is selected; a second time takes bold, headings and lists away. */
export function mark(written: Written, as: Markup, placeholder: string): Written {
  if (as === 'bold') return around(written, '**', '**', placeholder)
  if (as === 'link') return link(written, placeholder)
  return before(written, as === 'heading' ? '### ' : '- ')
}

function around({ text, from, to }: Written, open: string, close: string, placeholder: string): Written {
  const chosen = text.slice(from, to)
  const isMarked = text.slice(0, from).endsWith(open) && text.slice(to).startsWith(close)
  if (isMarked) return { text: text.slice(0, from - open.length) + chosen + text.slice(to + close.length), from: from - open.length, to: to - open.length }
  const words = chosen || placeholder
  return { text: text.slice(0, from) + open + words + close + text.slice(to), from: from + open.length, to: from + open.length + words.length }
}

function link({ text, from, to }: Written, placeholder: string): Written {
  const words = text.slice(from, to) || placeholder
  const start = from + words.length + 3 // where the address is typed
  return { text: `${text.slice(0, from)}[${words}](https://)${text.slice(to)}`, from: start, to: start + 'https://'.length }
}

function before({ text, from, to }: Written, sign: string): Written {
  const start = text.lastIndexOf('\n', from - 1) + 1
  const lines = text.slice(start, to).split('\n')
  const isMarked = lines.every((line) => line.startsWith(sign))
  const changed = lines.map((line) => (isMarked ? line.slice(sign.length) : sign + line)).join('\n')
  // A list or heading needs an empty line before it where there is text.
  const gap = !isMarked && start > 0 && !text.slice(0, start).endsWith('\n\n') ? '\n' : ''
  const end = start + gap.length + changed.length
  return { text: text.slice(0, start) + gap + changed + text.slice(to), from: end, to: end }
}
