import { expect, test } from 'vitest'
import { feedOf } from './feed'
import { addressOf, narrowings, orders, readSearch, variablesOf, without, type Search } from './searching'

const read = (address: string) => readSearch(new URLSearchParams(address.split('?')[1] ?? ''))

// Values of every kind that an address may bring, and some that nobody would type.
const texts = ['armoede', 'klachten over kamerverhuur', '"in de wijk" -auto', 'één café', '100% & meer = ?#/+', '<script>alert(1)</script>', '‘aanhaling’', '👩‍💻 data', '\u0000\u001f', '\ud800', 'a\tb\nc', '  rand  ', 'x'.repeat(5000), "'; DROP TABLE", '../../etc/passwd', '__proto__', 'constructor', '%', '%E0%A4%A', 'q=1&q=2', '']
const known: Record<string, string[]> = { soort: ['PROJECT', 'LESSON'], grootte: ['GE_250K', 'LT_5K'], stedelijkheid: ['1', '5'], status: ['DONE', 'IDEA'], jaar: ['2024', '2019'], gebruikt: ['ja'], begin: ['ja'] }

/** The same row of picks every time. */
function picker(seed: number) {
  let state = seed
  return <T>(from: readonly T[]): T => {
    state = (state * 1103515245 + 12345) % 2147483648
    return from[state % from.length]
  }
}

function anySearch(seed: number): Search {
  const pick = picker(seed)
  const chosen: Search['chosen'] = {}
  for (const { name } of narrowings) {
    if (pick([0, 1, 2]) > 0) continue
    chosen[name] = [pick(known[name] ?? texts), pick(known[name] ?? texts)]
  }
  return { words: pick(texts), chosen, order: pick(orders)[0], literal: pick([true, false]), apart: pick([true, false]), everyPlace: pick([true, false]), after: pick(['', 'eyJsIjoi', '=&?', 'z'.repeat(3000)]) }
}

test('an address says the whole search, whatever was typed', () => {
  for (let seed = 1; seed <= 500; seed++) {
    const typed = addressOf(anySearch(seed))
    const search = read(typed)
    expect(read(addressOf(search))).toEqual(search)
    expect(addressOf(read(addressOf(search)))).toBe(addressOf(search))
    expect(addressOf(search)).toMatch(/^\/zoeken(\?[\w.*+%&=-]+)?$/)
  }
})

test('what can be read comes back as it was', () => {
  const search: Search = { words: 'één "in de wijk" & meer', chosen: { soort: ['LESSON', 'PROJECT'], gemeente: ['GM0546'], jaar: ['2024'], gebruikt: ['ja'], begin: ['ja'] }, order: 'nieuw', literal: true, apart: true, everyPlace: true, after: 'eyJ' }
  expect(read(addressOf(search))).toEqual(search)
})

test('the same choices make the same address, in whichever order they were made', () => {
  expect(addressOf(read('/zoeken?gemeente=GM2&soort=PROJECT&gemeente=GM1&gemeente=GM2'))).toBe('/zoeken?soort=PROJECT&gemeente=GM1&gemeente=GM2')
})

test('values that nothing can be are left out', () => {
  const search = read('/zoeken?soort=PROCESS_TEMPLATE_VERSION&soort=project&status=ALLES&grootte=XL&stedelijkheid=zeer&stedelijkheid=-1&jaar=1e9&jaar=20244&gebruikt=nee&begin=true&sorteer=constructor&letterlijk=1&apart=true&gemeenten=GM1&onbekend=x')
  expect(search).toEqual({ words: '', chosen: {}, order: '', literal: false, apart: false, everyPlace: false, after: '' })
  expect(variablesOf(search)).toEqual({ query: null, filter: {}, sort: 'RELEVANCE', expand: true })
})

test('long words and many values are cut, without half characters', () => {
  const search = read(`/zoeken?q=${encodeURIComponent('😀'.repeat(500))}&${Array.from({ length: 500 }, (_, i) => `thema=${i}`).join('&')}&organisatie=${'y'.repeat(301)}&na=${'z'.repeat(5000)}`)
  expect(search.words).toBe('😀'.repeat(200))
  expect(search.chosen.thema).toHaveLength(20)
  expect(search.chosen.organisatie).toBeUndefined()
  expect(search.after).toBe('')
})

test('filters are what the API takes', () => {
  expect(variablesOf(read('/zoeken?q=zorg&soort=PROJECT&gemeente=GM0546&stedelijkheid=1&stedelijkheid=2&jaar=2024&gebruikt=ja&provincie=Zeeland&begin=ja&letterlijk=ja&plein=nod_a&plein=nod_b&sorteer=herhaald'))).toEqual({
    query: 'zorg',
    filter: { types: ['PROJECT'], municipalities: ['GM0546'], urbanity: [1, 2], years: [2024], usedInPolicy: true, provinces: ['Zeeland'], goodFirstProject: true, nodes: ['nod_a', 'nod_b'] },
    sort: 'MOST_REUSED',
    expand: false,
  })
})

test('one value can be taken away, or all of a narrowing; the rest stays and reading begins anew', () => {
  const search = read('/zoeken?q=zorg&thema=a&thema=b&soort=PROJECT&sorteer=titel&na=eyJ')
  expect(addressOf(without(search, 'thema', 'a'))).toBe('/zoeken?q=zorg&soort=PROJECT&thema=b&sorteer=titel')
  expect(addressOf(without(search, 'thema'))).toBe('/zoeken?q=zorg&soort=PROJECT&sorteer=titel')
  expect(addressOf(without(search, 'soort', 'PROJECT'))).toBe('/zoeken?q=zorg&thema=a&thema=b&sorteer=titel')
})

test('a feed holds the same search, newest first; downloads are sorted as the page', () => {
  const variables = (url: string) => feedOf(url)?.variables
  const same = { query: 'zorg', filter: { types: ['LESSON'] }, expand: true, first: 50, after: null }
  expect(variables('/zoeken.atom?q=zorg&soort=LESSON&sorteer=titel&na=eyJ')).toEqual({ ...same, sort: 'NEWEST' })
  expect(variables('/en/zoeken.csv?q=zorg&soort=LESSON&sorteer=titel')).toEqual({ ...same, sort: 'TITLE' })
  expect(variables('/zoeken.ndjson?q=zorg&soort=LESSON')).toEqual({ ...same, sort: 'RELEVANCE' })
  for (const other of ['/zoeken', '/zoeken.pdf', '/zoeken.atom/x', '/x/zoeken.atom']) expect(feedOf(other)).toBeUndefined()
})
