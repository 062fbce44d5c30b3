import { expect, test } from 'vitest'
import type { PageManageQuery } from '../../graphql/generated/graphql'
import { expectAccessible, showPage } from '../../testing'
import page from './page'

type Membership = NonNullable<PageManageQuery['viewer']>['memberships'][number]
const member = (id: string, viewerCan: Membership['organization']['viewerCan']): Membership => ({ role: 'MEMBER', organization: { id, slug: `udc-${id}`, name: `UDC ${id}`, custody: 'OWN', viewerCan } })
const data = (isNodeAdministrator: boolean, ...memberships: Membership[]): PageManageQuery => ({ viewer: { id: 'usr_1', displayName: 'Beheerder', isNodeAdministrator, memberships } })
const links = (container: Element) => [...container.querySelectorAll('main .plein-tasks a')].map((a) => a.getAttribute('href'))

test('somebody sees what they can look after, organisation by organisation', async () => {
  const { container, view } = showPage(page, data(false, member('a', ['WRITE']), member('b', ['WRITE', 'MANAGE_MEMBERS', 'UPDATE', 'MANAGE_TOKENS', 'READ_LOG']), member('c', [])), '/beheer')
  expect(view.hidden).toBe(true)
  expect(links(container)).toEqual([
    ...['termijnen', 'importeren'].map((way) => `/beheer/udc-a/${way}`),
    ...['leden', 'profiel', 'termijnen', 'importeren', 'tokens', 'logboek'].map((way) => `/beheer/udc-b/${way}`),
  ])
  await expectAccessible(container)
})

test('who looks after the node gets to accounts, and who looks after nothing is told who can change that', async () => {
  expect(links(showPage(page, data(true), '/en/beheer').container)).toEqual(['/en/beheer/node', '/en/beheer/netwerk'])
  const { container } = showPage(page, data(false, member('a', [])), '/beheer')
  expect(container.querySelector('main')!.textContent).toContain('U beheert nog niets')
  await expectAccessible(container)
})
