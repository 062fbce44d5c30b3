import { expect, test } from 'vitest'
import type { PageLogQuery } from '../../graphql/generated/graphql'
import { match } from '../../routes'
import { expectAccessible, showPage } from '../../testing'
import page from './page'

type Line = NonNullable<PageLogQuery['auditLog']>['nodes'][number]
const line = (id: string, rest: Partial<Line>): Line => ({ id, at: '2027-01-12T13:03:00Z', kind: 'PUBLISHED', reason: null, actor: { label: 'Auteur A' }, recordId: 'prj_1', title: 'Kamers', ...rest })
const data = (...nodes: Line[]): PageLogQuery => ({
  viewer: { id: 'usr_1', displayName: 'Beheerder', memberships: [] },
  organization: { id: 'org_1', name: 'UDC A', slug: 'udc-a' },
  auditLog: { nodes, pageInfo: { hasNextPage: true, hasPreviousPage: false, endCursor: 'c+1' } },
})
const at = '/beheer/udc-a/logboek'

test('a line says what was done, when, by whom and why; a record leads to its history and a person to nothing', async () => {
  const { container } = showPage(page, data(line('1', {}), line('2', { recordId: 'usr_2', title: 'Bea', kind: 'ACCOUNT', reason: 'Uitgenodigd als lid' }), line('3', { recordId: 'usr_3', title: null, kind: 'ACCOUNT' }), line('4', { title: null })), at)
  const cells = [...container.querySelectorAll('tbody tr')].map((tr) => [...tr.querySelectorAll('td')].map((td) => td.textContent))
  expect(cells[0]).toEqual(['12 januari 2027 om 14:03', 'Gepubliceerd', 'Kamers', 'Auteur A', ''])
  expect(cells[1]).toEqual(['12 januari 2027 om 14:03', 'Account gewijzigd', 'Bea', 'Auteur A', 'Uitgenodigd als lid'])
  expect([cells[2][2], cells[3][2]]).toEqual(['een account zonder naam', 'zonder titel'])
  expect([...container.querySelectorAll('tbody a')].map((a) => a.getAttribute('href'))).toEqual(['/publiceren/prj_1/geschiedenis'])
  await expectAccessible(container)
})

test('a choice of kinds is asked for, stays chosen and goes along to older lines', async () => {
  const url = `${at}?soort=ACCOUNT&soort=SHARED&soort=ANDERS`
  expect(page.variables!(match(url))).toMatchObject({ slug: 'udc-a', kinds: ['ACCOUNT', 'SHARED'] })
  expect(page.variables!(match(at))).toMatchObject({ kinds: null })
  const { container } = showPage(page, data(line('1', {})), url)
  expect(container.querySelector('details')!.open).toBe(true)
  expect([...container.querySelectorAll<HTMLInputElement>('form input:checked')].map((x) => x.value)).toEqual(['SHARED', 'ACCOUNT'])
  const older = container.querySelector('main a[href*="na="]')!.getAttribute('href')!
  expect(match(older).query.getAll('soort')).toContain('ACCOUNT')
  expect(match(older).query.get('na')).toBe('c+1')
  await expectAccessible(container)
})

test('who may not read the log sees no page', () => {
  expect(showPage(page, { ...data(), auditLog: null }, at).view.status).toBe(404)
})
