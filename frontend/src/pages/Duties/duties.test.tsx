import { expect, test } from 'vitest'
import type { OwedFragment, PageDutiesQuery } from '../../graphql/generated/graphql'
import { expectAccessible, showPage } from '../../testing'
import page from './page'

const owed = (id: string, output: Partial<OwedFragment['output']>, until: string | null = null): OwedFragment => ({
  output: { id, title: `Uitkomst ${id}`, dutyState: 'DUE', deliveredOn: '2027-01-04', dueOn: '2027-02-03', isOverdue: false, producedBy: { name: 'CBS' }, ...output },
  project: { id: `prj_${id}`, title: 'Kamers', embargo: until ? { until } : null },
})
const list = (nodes: OwedFragment[], totalCount = nodes.length, hasNextPage = false) => ({ totalCount, nodes, pageInfo: { hasNextPage, hasPreviousPage: false, endCursor: 'c+1' } })
const data = (overdue: OwedFragment[], coming: OwedFragment[], more: { overdue?: number; hasNextPage?: boolean } = {}): PageDutiesQuery => ({
  viewer: { id: 'usr_1', displayName: 'Auteur', memberships: [] },
  organization: { id: 'org_1', name: 'UDC A', slug: 'udc-a' },
  overdue: list(overdue, more.overdue),
  coming: list(coming, undefined, more.hasNextPage),
})
const at = '/beheer/udc-a/termijnen'

test('what is overdue comes first, with the day on which it should have been public', async () => {
  const { container } = showPage(page, data([owed('1', { isOverdue: true })], [owed('2', {}), owed('3', { dutyState: 'UNDER_EMBARGO' }, '2027-03-01T08:00:00Z'), owed('4', { dutyState: 'NOT_DELIVERED', deliveredOn: null, dueOn: null })], { overdue: 120, hasNextPage: true }), at)
  const rows = [...container.querySelectorAll('main .plein-tasks > li')].map((li) => li.textContent)
  expect(rows[0]).toContain('Te laatUitkomst 1')
  expect(rows[0]).toContain('had openbaar moeten zijn op 3 februari 2027')
  expect(rows[1]).toContain('uiterlijk 3 februari 2027')
  expect(rows[2]).toContain('embargo tot 1 maart 2027')
  expect(rows[3]).toContain('Nog niet opgeleverd')
  expect(container.querySelector('a[href="/publiceren/prj_1?deel=producten"]')).not.toBeNull()
  expect(container.querySelector('#te-laat')!.textContent).toBe('Te laat: 120')
  expect(container.textContent).toContain('Dit zijn de eerste 1.')
  expect(container.querySelector('a[href="/beheer/udc-a/termijnen?na=c%2B1"]')).not.toBeNull()
  await expectAccessible(container)
})

test('when nothing is owed that is said, and who may not know sees no page', async () => {
  const { container } = showPage(page, data([], []), at)
  expect(container.textContent).toContain('Niets is te laat.')
  expect(container.textContent).toContain('Er is niets dat nog openbaar moet worden.')
  await expectAccessible(container)
  expect(showPage(page, { ...data([], []), overdue: null }, at).view.status).toBe(404)
})
