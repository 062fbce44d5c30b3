import { fireEvent } from '@testing-library/preact'
import { expect, test, vi } from 'vitest'
import type { PageLessonsQuery } from '../../graphql/generated/graphql'
import { match } from '../../routes'
import { expectAccessible, here, showPage } from '../../testing'
import lessons from './page'

const answer = (count: number): PageLessonsQuery => ({
  lessons: {
    totalCount: count,
    pageInfo: { endCursor: count ? 'c1' : null, hasNextPage: count > 1 },
    nodes: Array.from({ length: Math.min(count, 1) }, () => ({
      __typename: 'Lesson',
      id: 'les_1',
      slug: 'tijd',
      title: 'Neem de tijd',
      summary: 'Een scherpe vraag scheelt werk.',
      languages: ['NL'],
      contentLanguage: 'NL',
      provenance: 'STARTER',
      origin: here,
      publishedAt: null,
      lessonKind: 'DO',
      publisher: { slug: 'udc-a', name: 'UDC A' },
      stepsInFull: [
        { key: 'vraag', title: 'De vraag' },
        { key: 'analyse', title: 'De analyse' },
      ],
    })),
  },
  search: { facets: [{ buckets: [{ value: 'vraag', label: 'De vraag', count: 6 }] }] },
  concepts: [{ id: 'con_team-role.cbs', label: 'CBS-collega' }],
})

test('the filters in the address are those that are asked and shown', async () => {
  const url = '/lessen?stap=vraag&rol=con_team-role.cbs'
  expect(lessons.variables!(match(url + '&na=c0'))).toEqual({ step: 'vraag', role: 'con_team-role.cbs', after: 'c0' })
  const { container, view } = showPage(lessons, answer(2), url)
  expect([...container.querySelectorAll('select')].map((s) => s.value)).toEqual(['vraag', 'con_team-role.cbs'])
  expect(container.querySelector('[role=status]')?.textContent).toBe('2 lessen · Toon alle lessen')
  expect(container.querySelector('a[rel=next]')?.getAttribute('href')).toBe('/lessen?stap=vraag&rol=con_team-role.cbs&na=c1')
  expect(view.feed).toBe('/zoeken.atom?soort=LESSON&stap=vraag')
  await expectAccessible(container)
})

test('a lesson in the list tells its kind and the steps in which it bites', async () => {
  const { container } = showPage(lessons, answer(1), '/en/lessen')
  const card = container.querySelector('article')!
  expect(card.textContent).toContain('Do')
  expect(card.querySelector('a[href="/en/lessen?stap=analyse"]')?.textContent).toBe('De analyse')
  expect(container.querySelector('option[value=vraag]')?.textContent).toBe('De vraag (6)')
  await expectAccessible(container)
})

test('a step that no lesson has stays chosen and leads on', async () => {
  const { container } = showPage(lessons, answer(0), '/lessen?stap=delen')
  expect(container.querySelector('select')!.value).toBe('delen')
  expect(container.querySelector('main')!.textContent).toContain('Kies een andere stap of rol')
  expect(container.querySelector('main a[href="/lessen"]')).not.toBeNull()
  await expectAccessible(container)
})

test('a catalogue without lessons leads to its projects', () => {
  const { container } = showPage(lessons, { ...answer(0), search: { facets: [] } }, '/lessen')
  expect(container.querySelector('main a[href="/projecten"]')).not.toBeNull()
})

test('the form goes to an address that can be shared', () => {
  const go = vi.fn()
  const { container } = showPage(lessons, answer(1), '/en/lessen', go)
  container.querySelector('select')!.value = 'vraag'
  fireEvent.submit(container.querySelector('.plein-choice')!)
  expect(go).toHaveBeenCalledWith('/en/lessen?stap=vraag')
})
