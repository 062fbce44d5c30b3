import type { View, Where } from '../page'
import { gone, notFound } from './gone'

/** What is at the address of a record's page. */
interface Found {
  path: string
  record: { __typename?: string } | null
  tombstone: { title: string | null; reason: string; at: string } | null
}

/**
 * What to show where an address does not lead to a record's own page: that it moved, was withdrawn or is not there;
 * undefined where it does. `below` is what stands in the address after the record's own.
 */
export function elsewhere(found: Found | null, where: Where, below = ''): View | undefined {
  if (found?.tombstone) return gone(found.tombstone, where)
  if (!found?.record) return notFound(where)
  if (found.path + below === where.path) return undefined
  const query = where.query.toString()
  return { location: found.path + below + (query && '?' + query), title: '', body: null }
}
