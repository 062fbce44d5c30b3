import { cleanup, render } from '@testing-library/preact'
import axe from 'axe-core'
import { expect } from 'vitest'
import { App, viewOf, whereIs } from './app'
import type { HomeFragment } from './graphql/generated/graphql'
import type { Page, View, Where } from './page'
import { en } from './taal/en'
import { nl } from './taal/nl'

/** Shows a page as the browser would, with this answer to what it asks. */
export function showPage<Data>(page: Page<Data>, data: Data, url: string, go?: Where['go'], demo = false): { view: View; container: Element } {
  cleanup() // one page at a time
  const where = whereIs(url, { base: 'https://plein.example', demo }, url.startsWith('/en') ? en : nl, go)
  const view = viewOf(page, [{ data }], where)
  return { view, container: render(<App where={where}>{view.body}</App>).container }
}

/** Fails on what axe finds; colours are looked at in a real browser. */
export async function expectAccessible(container: Element): Promise<void> {
  const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } })
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`)).toEqual([])
}

/** Where a record lives that is of this node. */
export const here: HomeFragment['origin'] = { fetchedAt: null, isStale: false, url: 'https://plein.example/id/1', node: { name: 'Plein Delta' } }

/** What makes a record a copy. */
export const copied: HomeFragment = { provenance: 'PEER', origin: { fetchedAt: '2027-01-12T09:00:00Z', isStale: false, url: 'https://zuid.example/projecten/udc-zuid/kamers', node: { name: 'UDC Zuid' } } }
