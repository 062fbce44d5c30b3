import { expect, test } from 'vitest'
import type { PageOtherQuery } from '../../graphql/generated/graphql'
import { copied, expectAccessible, showPage } from '../../testing'
import other from './page'

type Other = Extract<NonNullable<NonNullable<PageOtherQuery['address']>['record']>, { __typename: 'OtherRecord' }>

const whole: Other = {
  __typename: 'OtherRecord',
  id: 'oth_1',
  uri: 'https://zuid.example/id/qst_1',
  title: 'Wie meet de hitte?',
  summary: 'Een vraag aan andere gemeenten.',
  languages: ['NL'],
  contentLanguage: 'NL',
  ...copied,
  publicVersion: 1,
  publishedAt: '2027-01-10T10:00:00Z',
  updatedAt: '2027-01-10T10:00:00Z',
  sourceLinks: [],
  license: { label: 'CC BY 4.0', notation: 'cc-by-4.0' },
  publisher: { slug: 'udc-zuid', name: 'UDC Zuid' },
  typeName: 'QUESTION',
}
const url = '/overig/udc-zuid/wie-meet-de-hitte'
const at = (record: Other | null, path = url): PageOtherQuery => ({ address: { path, record, tombstone: null } })

test('what this Plein does not know is shown as far as it can be, and leads home', async () => {
  const { container, view } = showPage(other, at(whole), url)
  const main = container.querySelector('main')!
  expect(main.querySelector('h1')!.textContent).toBe('Wie meet de hitte?')
  expect(main.textContent).toContain('Een vraag aan andere gemeenten.')
  expect(main.textContent).toContain('Andere bijdrage · UDC Zuid')
  expect(main.textContent).toContain('Dit is een soort bijdrage die dit Plein nog niet helemaal laat zien. Bij UDC Zuid heet die soort “QUESTION”.')
  expect(main.querySelector('.plein-notice')!.textContent).toContain('laatst gezien op 12 januari 2027')
  expect(main.querySelector(`a[href="${copied.origin.url}"]`)).not.toBeNull()
  expect(main.querySelector('#fout-melden')).toBeNull()
  expect(view.original).toBe(copied.origin.url)
  await expectAccessible(container)
})

test('without a summary, and in English', async () => {
  const { container } = showPage(other, at({ ...whole, summary: null }), '/en' + url)
  expect(container.querySelector('h1')!.getAttribute('lang')).toBe('nl')
  expect(container.querySelector('main')!.textContent).toContain('UDC Zuid calls it “QUESTION”.')
  await expectAccessible(container)
})

test('what is known by now is at its own page, and what is not there is not found', () => {
  expect(showPage(other, at(whole, '/lessen/udc-zuid/wie-meet-de-hitte'), url).view.location).toBe('/lessen/udc-zuid/wie-meet-de-hitte')
  expect(showPage(other, { address: null }, url).view.status).toBe(404)
})
