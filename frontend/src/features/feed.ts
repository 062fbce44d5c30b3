import { SearchIdsDocument, type SearchSort } from '../graphql/generated/graphql'
import { hashOf } from '../page'
import { match } from '../routes'
import { readSearch, variablesOf } from './searching'

/**
 * What a feed or a download holds: those of a search, newest first in a feed and as sorted on the page in a download.
 * The server walks on by itself. Undefined for any other address.
 */
export function feedOf(url: string): { hash: string; variables: unknown } | undefined {
  const { path, query } = match(url)
  const format = /^\/zoeken\.(atom|csv|ndjson)$/.exec(path)?.[1]
  if (!format) return undefined
  const search = readSearch(query)
  const variables = { ...variablesOf(search), first: 50, after: null }
  if (format === 'atom') variables.sort = 'NEWEST' satisfies SearchSort
  return { hash: hashOf(SearchIdsDocument), variables }
}
