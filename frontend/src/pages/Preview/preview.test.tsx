import { expect, test } from 'vitest'
import { aProject, outlook, standing, viewer } from '../../features/publishing/testdata'
import type { PagePreviewQuery } from '../../graphql/generated/graphql'
import { expectAccessible, showPage } from '../../testing'
import page from './page'

type Seen = NonNullable<PagePreviewQuery['publicationPreview']>
const data = (over: Partial<Seen>, publicVersion = 0): PagePreviewQuery => ({
  viewer,
  draft: { ...standing, ...aProject, publicVersion },
  publicationPreview: { ...outlook, record: aProject, ...over },
})
const at = '/publiceren/prj_1/voorbeeld'

test('it is said first that everybody sees it at once', async () => {
  const { container } = showPage(page, data({}), at)
  expect(container.querySelector('main .nl-paragraph--lead')?.textContent).toBe('Als u dit publiceert, kan iedereen dit meteen zien.')
  expect(container.querySelectorAll('h1')).toHaveLength(1)
  expect(container.querySelector('.plein-specimen')?.textContent).toContain('Wie gebruikt de regeling niet?')
  await expectAccessible(container)
})

test('a later moment is a Dutch one, and until then there is nothing to see', async () => {
  const { container } = showPage(page, data({ visibleAt: '2027-01-12T08:00:00Z', record: null }), at)
  expect(container.querySelector('main .nl-paragraph--lead')?.textContent).toContain('vanaf 12 januari 2027 om 09:00 uur')
  expect(container.textContent).toContain('ook niet dat dit bestaat')
})

test('what is for members alone says so', () => {
  const { container } = showPage(page, data({ audience: 'COMMUNITY' }), at)
  expect(container.querySelector('main .nl-paragraph--lead')?.textContent).toContain('alleen mensen met een account')
})

test('what is missing leads to its section, what stays hidden says until when', async () => {
  const { container } = showPage(
    page,
    data({
      missing: [{ code: 'REQUIRED', message: 'Vul dit in.', field: ['policyDomains'] }],
      hidden: [{ path: 'answer', label: 'Antwoord', until: '2027-01-12T08:00:00Z' }],
    }),
    at,
  )
  expect(container.querySelector('a[href="/publiceren/prj_1?deel=thema&veld=policyDomains"]')?.textContent).toContain('Vul dit in.')
  expect(container.textContent).toContain('Antwoord, tot 12 januari 2027 om 09:00 uur')
  await expectAccessible(container)
})

test('what changes is marked for the eye and told to the ear', async () => {
  const { container } = showPage(page, data({ differences: [{ path: 'title', label: 'Titel', before: 'De regeling', after: 'De nieuwe regeling' }] }, 1), at)
  const changes = container.querySelector('[aria-labelledby=verschil]')!
  expect(changes.querySelector('ins')?.textContent).toContain('nieuwe')
  expect(changes.querySelector('ins .plein-hidden')?.textContent).toContain('toegevoegd')
  await expectAccessible(container)
})

test('who may not read the working copy finds nothing', () => {
  const { view } = showPage(page, { viewer, draft: null, publicationPreview: null }, at)
  expect(view.status).toBe(404)
})
