import { expect, test } from 'vitest'
import type { PageOrganizationsQuery } from '../../graphql/generated/graphql'
import { match } from '../../routes'
import { expectAccessible, showPage } from '../../testing'
import organizations from './page'

const others = {
  totalCount: 2,
  nodes: [
    { slug: 'cbs', name: 'Centraal Bureau voor de Statistiek', kind: 'STATISTICS_OFFICE' as const, projects: { totalCount: 0 } },
    { slug: 'gemeente-delft', name: 'Gemeente Delft', kind: 'OTHER_PUBLIC_BODY' as const, projects: { totalCount: 1 } },
  ],
  pageInfo: { endCursor: 'a+b', hasNextPage: true },
}

const full: PageOrganizationsQuery = {
  udcs: { nodes: [{ slug: 'udc-leiden', name: 'UDC Leiden', kind: 'MUNICIPAL_UDC', activeSince: '2017-12', municipalities: [{ code: 'GM0546', name: 'Leiden' }], projects: { totalCount: 3 } }] },
  others,
}

const empty: PageOrganizationsQuery = { udcs: { nodes: [] }, others: { totalCount: 0, nodes: [], pageInfo: { endCursor: null, hasNextPage: false } } }

test('UDCs come first, with since when, where and how many projects', async () => {
  const { container } = showPage(organizations, full, '/udc')
  const card = container.querySelector('.plein-card')!
  expect(card.querySelector('a')?.getAttribute('href')).toBe('/udc/udc-leiden')
  expect(card.textContent).toContain('sinds december 2017')
  expect(card.textContent).toContain('Leiden')
  expect(card.textContent).toContain('3 projecten')
  await expectAccessible(container)
})

test('other organisations follow, page by page', () => {
  const { container } = showPage(organizations, full, '/udc')
  expect([...container.querySelectorAll('.plein-rows li')].map((li) => li.textContent)).toEqual(['Centraal Bureau voor de Statistiek Statistiekbureau · nog geen projecten', 'Gemeente Delft 1 project'])
  expect(container.querySelector('a[href="/udc?na=a%2Bb"]')).not.toBeNull()
})

test('a later page has other organisations only', async () => {
  expect(organizations.variables!(match('/udc?na=a%2Bb'))).toEqual({ after: 'a+b', begin: false })
  const { view, container } = showPage(organizations, { others }, '/en/udc?na=a%2Bb')
  expect(container.querySelector('.plein-card')).toBeNull()
  expect(container.querySelector('main a[href="/en/udc"]')?.textContent).toBe('Back to the beginning of the list')
  expect(view.hidden).toBe(true)
  await expectAccessible(container)
})

test('an empty catalogue says that there are no UDCs', async () => {
  const { container } = showPage(organizations, empty, '/en/udc')
  expect(container.textContent).toContain('There are no UDCs on Plein yet.')
  await expectAccessible(container)
})
