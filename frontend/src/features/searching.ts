import type { Facet, SearchFilter, SearchIdsQueryVariables, SearchSort } from '../graphql/generated/graphql'

/** What can be narrowed by: the name in the address, the facet that counts it and the filter that it sets. */
export interface Narrowing {
  name: NarrowingName
  facet: Facet | null
  filter: keyof SearchFilter
  /** A value of the address as the filter takes it, null where it can be none; a text is taken as it is. */
  read?: (value: string) => unknown
  /** Comes by a link from elsewhere: not offered, only shown once it is chosen. */
  onlyChosen?: true
  /** A filter that is on or off. */
  single?: true
}

export type NarrowingName =
  | 'soort'
  | 'thema'
  | 'gemeente'
  | 'grootte'
  | 'stedelijkheid'
  | 'stap'
  | 'bron'
  | 'methode'
  | 'status'
  | 'jaar'
  | 'gebruikt'
  | 'provincie'
  | 'doelgroep'
  | 'organisatie'
  | 'plein'
  | 'begin'

const oneOf = (...known: string[]) => (value: string) => (known.includes(value) ? value : null)
const number = (value: string) => (/^[1-9]\d{0,3}$/.test(value) ? Number(value) : null)
const yes = (value: string) => (value === 'ja' ? true : null)

/** Classes of municipalities by inhabitants, from small to large. */
export const sizes = ['LT_5K', 'K5_10', 'K10_20', 'K20_50', 'K50_100', 'K100_150', 'K150_250', 'GE_250K'] as const

/** In the order in which they are shown. */
export const narrowings: Narrowing[] = [
  { name: 'soort', facet: 'TYPE', filter: 'types', read: oneOf('PROJECT', 'PROCESS_TEMPLATE', 'LESSON', 'OTHER') },
  { name: 'thema', facet: 'POLICY_DOMAIN', filter: 'policyDomains' },
  { name: 'gemeente', facet: 'MUNICIPALITY', filter: 'municipalities' },
  { name: 'grootte', facet: 'SIZE_CLASS', filter: 'sizeClasses', read: oneOf(...sizes) },
  { name: 'stedelijkheid', facet: 'URBANITY', filter: 'urbanity', read: number },
  { name: 'stap', facet: 'STEP', filter: 'stepKeys' },
  { name: 'bron', facet: 'SOURCE', filter: 'sources' },
  { name: 'methode', facet: 'METHOD', filter: 'methods' },
  { name: 'status', facet: 'PHASE', filter: 'phases', read: oneOf('IDEA', 'INTAKE', 'RUNNING', 'ON_HOLD', 'DONE', 'STOPPED') },
  { name: 'jaar', facet: 'YEAR', filter: 'years', read: number },
  { name: 'gebruikt', facet: 'USED_IN_POLICY', filter: 'usedInPolicy', read: yes, single: true },
  { name: 'plein', facet: 'NODE', filter: 'nodes' },
  { name: 'provincie', facet: 'PROVINCE', filter: 'provinces', onlyChosen: true },
  { name: 'doelgroep', facet: 'TARGET_GROUP', filter: 'targetGroups', onlyChosen: true },
  { name: 'organisatie', facet: 'ORGANIZATION', filter: 'organizations', onlyChosen: true },
  { name: 'begin', facet: null, filter: 'goodFirstProject', onlyChosen: true, read: yes, single: true },
]

/** Orders by their name in the address; the first is the usual one. */
export const orders: [name: '' | 'nieuw' | 'gewijzigd' | 'herhaald' | 'titel', sort: SearchSort][] = [
  ['', 'RELEVANCE'],
  ['nieuw', 'NEWEST'],
  ['gewijzigd', 'RECENTLY_UPDATED'],
  ['herhaald', 'MOST_REUSED'],
  ['titel', 'TITLE'],
]

/** A search as an address has it. */
export interface Search {
  words: string
  /** Chosen values by the name of their narrowing. */
  chosen: Partial<Record<NarrowingName, string[]>>
  order: (typeof orders)[number][0]
  /** Without what the thesaurus has for the words. */
  literal: boolean
  /** Every record by itself, also those that are nearly the same. */
  apart: boolean
  /** With all municipalities to choose from. */
  everyPlace: boolean
  after: string
}

const maxWords = 200
const maxChosen = 20
const maxValue = 300
const maxCursor = 4000

/** Reads a search; what cannot be read is left out. */
export function readSearch(query: URLSearchParams): Search {
  const chosen: Search['chosen'] = {}
  let left = maxChosen
  for (const { name, read } of narrowings) {
    const values = [...new Set(query.getAll(name))].filter((v) => v && v.length <= maxValue && read?.(v) !== null).slice(0, left).sort()
    if (values.length > 0) chosen[name] = values
    left -= values.length
  }
  const after = query.get('na') ?? ''
  return {
    words: [...(query.get('q') ?? '').trim()].slice(0, maxWords).join('').trim(),
    chosen,
    order: orders.find(([name]) => name === query.get('sorteer'))?.[0] ?? '',
    literal: query.get('letterlijk') === 'ja',
    apart: query.get('apart') === 'ja',
    everyPlace: query.get('gemeenten') === 'alle',
    after: after.length <= maxCursor ? after : '',
  }
}

/** The address of a search, without the language: always the same for the same search. */
export function addressOf(search: Partial<Search>, path = '/zoeken'): string {
  const query = new URLSearchParams()
  if (search.words) query.append('q', search.words)
  for (const { name } of narrowings) for (const value of [...(search.chosen?.[name] ?? [])].sort()) query.append(name, value)
  if (search.order) query.append('sorteer', search.order)
  if (search.literal) query.append('letterlijk', 'ja')
  if (search.apart) query.append('apart', 'ja')
  if (search.everyPlace) query.append('gemeenten', 'alle')
  if (search.after) query.append('na', search.after)
  const text = query.toString()
  return text ? `${path}?${text}` : path
}

/** The search without one value of a narrowing, or without all of them. */
export function without(search: Search, name: NarrowingName, value?: string): Search {
  const { [name]: values = [], ...others } = search.chosen
  const rest = value === undefined ? [] : values.filter((v) => v !== value)
  return { ...search, chosen: rest.length > 0 ? { ...others, [name]: rest } : others, after: '' }
}

function filterOf(search: Search): SearchFilter {
  const filter: Record<string, unknown> = {}
  for (const { name, filter: field, read, single } of narrowings) {
    const values = search.chosen[name]?.map((v) => (read ? read(v) : v))
    if (values) filter[field] = single ? values[0] : values
  }
  return filter as SearchFilter
}

/** What a search asks for. */
export function variablesOf(search: Search): Pick<SearchIdsQueryVariables, 'query' | 'filter' | 'sort' | 'expand'> {
  return {
    query: search.words || null,
    filter: filterOf(search),
    sort: orders.find(([name]) => name === search.order)![1],
    expand: !search.literal,
  }
}
