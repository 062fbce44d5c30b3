/** Text that stayed, came or went. */
export interface Piece {
  kind: 'same' | 'added' | 'removed'
  text: string
}

// The server renders in an interpreter: beyond a table of this many words by words it is quicker to read both texts.
const maxCells = 3_000

/**
 * The words that came and went between two texts. Texts with little in common are given whole: that reads better. A
 * browser can have more `cells` than the server.
 */
export function wordsOf(before: string, after: string, cells = maxCells): Piece[] {
  // No regular expression: the server's interpreter takes a millisecond for one.
  const a = before.split(' ')
  const b = after.split(' ')
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const was = a.slice(start, a.length - end)
  const is = b.slice(start, b.length - end)
  if (was.length * is.length > cells || (start + end + shared(was, is)) * 2 < Math.min(a.length, b.length)) {
    return [
      { kind: 'removed', text: before },
      { kind: 'added', text: after },
    ]
  }
  const common = commonWords(was, is)
  const out: Piece[] = []
  const add = (kind: Piece['kind'], ...words: string[]) => {
    const last = out[out.length - 1]
    if (words.length === 0) return
    if (last?.kind === kind) last.text += ' ' + words.join(' ')
    else out.push({ kind, text: words.join(' ') })
  }
  add('same', ...a.slice(0, start))
  let i = 0
  let j = 0
  while (i < was.length || j < is.length) {
    if (i < was.length && j < is.length && was[i] === is[j]) {
      add('same', was[i++])
      j++
    } else if (i < was.length && (j === is.length || common[i + 1][j] >= common[i][j + 1])) add('removed', was[i++])
    else add('added', is[j++])
  }
  add('same', ...a.slice(a.length - end))
  return out
}

/** How many words two texts share, wherever they stand: at least as many as in order. */
function shared(a: string[], b: string[]): number {
  const left = new Map<string, number>()
  for (const word of a) left.set(word, (left.get(word) ?? 0) + 1)
  let n = 0
  for (const word of b) {
    const there = left.get(word) ?? 0
    if (there > 0) n++
    left.set(word, there - 1)
  }
  return n
}

/** How many words two texts have in common, in order, from word i of the one and word j of the other. */
function commonWords(a: string[], b: string[]): number[][] {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i--) {
    const [word, row, below] = [a[i], table[i], table[i + 1]]
    for (let j = b.length - 1; j >= 0; j--) row[j] = word === b[j] ? below[j + 1] + 1 : Math.max(below[j], row[j + 1])
  }
  return table
}
