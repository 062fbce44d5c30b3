import { expect, test } from 'vitest'
import { aProject } from '../../features/publishing/testdata'
import type { PageSharedQuery } from '../../graphql/generated/graphql'
import { expectAccessible, showPage } from '../../testing'
import page from './page'

const data: PageSharedQuery = { sharedDraft: { expiresAt: '2027-01-12T08:00:00Z', record: aProject } }

test('whoever has the link reads until when it works and whom to tell what they think', async () => {
  const { container, view } = showPage(page, data, '/meelezen/geheim')
  expect(view.hidden).toBe(true)
  expect(view.record).toBeUndefined()
  expect(container.textContent).toContain('Dit is een concept, alleen voor wie deze link heeft, tot 12 januari 2027 om 09:00 uur.')
  expect(container.querySelector('.plein-notice a[href^="mailto:udc@delta.example"]')).not.toBeNull()
  expect(container.querySelector('.plein-specimen')?.textContent).toContain('Een derde.')
  await expectAccessible(container)
})

test('the function that answers questions comes before the organisation', () => {
  const record = { ...aProject, contacts: [{ label: 'Team Onderzoek', email: 'onderzoek@delta.example', isAmbassador: false, willingToPresent: false }] }
  const { container } = showPage(page, { sharedDraft: { expiresAt: '2027-01-12T08:00:00Z', record } }, '/meelezen/geheim')
  expect(container.querySelector('.plein-notice a')?.textContent).toBe('onderzoek@delta.example')
})

test('a link that ended and one that never was are alike', async () => {
  const { container, view } = showPage(page, { sharedDraft: null }, '/en/meelezen/geheim')
  expect(view.status).toBe(404)
  expect(container.querySelector('h1')?.textContent).toBe('This link does not work (any more)')
  await expectAccessible(container)
})
