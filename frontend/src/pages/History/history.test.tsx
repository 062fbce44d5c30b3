import { expect, test } from 'vitest'
import type { PageHistoryQuery } from '../../graphql/generated/graphql'
import { expectAccessible, showPage } from '../../testing'
import page from './page'

const data: PageHistoryQuery = {
  viewer: { id: 'usr_1', displayName: 'Auteur', memberships: [] },
  draft: {
    id: 'prj_1',
    title: 'Kamers',
    history: {
      nodes: [
        { id: '9', at: '2027-01-12T13:03:00Z', kind: 'PUBLISHED', reason: null, actor: { label: 'B. Lezer' }, differences: [{ path: 'title', label: 'Titel', before: 'Kamer en huis', after: 'Kamers en huis' }] },
        { id: '8', at: '2027-01-11T13:03:00Z', kind: 'CHANGES_REQUESTED', reason: 'De titel klopt niet.', actor: { label: 'B. Lezer' }, differences: null },
      ],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, endCursor: 'abc/=' },
    },
  },
} as PageHistoryQuery

test('a history tells what happened, by whom and why, and what a publication changed', async () => {
  const { container } = showPage(page, data, '/publiceren/prj_1/geschiedenis')
  const main = container.querySelector('main')!
  expect(main.textContent).toContain('12 januari 2027 om 14:03')
  expect(main.textContent).toContain('De titel klopt niet.')
  expect(main.querySelector('details ins')?.textContent).toContain('Kamers')
  expect(main.querySelector('a[href$="?na=abc%2F%3D"]')).not.toBeNull()
  await expectAccessible(container)
})

test('who may not read it finds nothing', () => {
  const { container } = showPage(page, { ...data, draft: null }, '/publiceren/prj_1/geschiedenis')
  expect(container.querySelector('h1')?.textContent).not.toContain('Geschiedenis')
})
