import { expect, test } from 'vitest'
import type { PageTemplatesQuery } from '../../graphql/generated/graphql'
import { expectAccessible, here, showPage } from '../../testing'
import templates from './page'

type Template = PageTemplatesQuery['processTemplates']['nodes'][number]

const six: Template = {
  __typename: 'ProcessTemplate',
  id: 'tpl_1',
  slug: 'zes-stappen',
  title: 'Project in zes stappen',
  summary: 'Van de vraag naar de uitkomsten.',
  languages: ['NL'],
  contentLanguage: 'NL',
  provenance: 'OWN',
  origin: here,
  publishedAt: null,
  publisher: { slug: 'udc-a', name: 'UDC A' },
  number: '1.1.0',
  steps: ['vraag', 'analyse'].map((key) => ({ key })),
  forkedFrom: null,
  usedBy: { totalCount: 1200 },
}
const { slug, title, languages, contentLanguage, publisher } = six
const fork: Template = {
  ...six,
  id: 'tpl_2',
  slug: 'kort',
  title: 'Kort en goed',
  number: null,
  steps: [],
  usedBy: { totalCount: 0 },
  forkedFrom: { number: '1.0.0', template: { __typename: 'ProcessTemplate', slug, title, languages, contentLanguage, publisher } },
}
const answer = (nodes: Template[], endCursor: string | null = null): PageTemplatesQuery => ({
  processTemplates: { totalCount: nodes.length, nodes, pageInfo: { endCursor, hasNextPage: endCursor !== null } },
})

test('a card tells how long a way of working is, where it stands, who uses it and what it began as', async () => {
  const { container, view } = showPage(templates, answer([six, fork], 'a&b'), '/sjablonen')
  const [first, second] = container.querySelectorAll('article')
  expect(first.textContent).toContain('2 stappen · versie 1.1.0 · 1.200 projecten volgen deze werkwijze')
  expect(second.textContent).toContain('Begon als Project in zes stappen van UDC A')
  expect(second.textContent).not.toMatch(/stappen ·|volg/)
  expect(container.querySelector('a[rel=next]')?.getAttribute('href')).toBe('/sjablonen?na=a%26b')
  expect(view.feed).toBe('/zoeken.atom?soort=PROCESS_TEMPLATE')
  await expectAccessible(container)
})

test('the last part of the list leads back to its start, in English as well', async () => {
  const { container } = showPage(templates, answer([six]), '/en/sjablonen?na=x')
  expect(container.querySelector('.plein-actions a')?.getAttribute('href')).toBe('/en/sjablonen')
  expect(container.querySelector('h1')?.textContent).toBe('Ways of working')
  await expectAccessible(container)
})

test('a catalogue without ways of working leads to its projects', async () => {
  const { container } = showPage(templates, answer([]), '/sjablonen')
  expect(container.querySelector('main a[href="/projecten"]')).not.toBeNull()
  expect(container.querySelector('main article')).toBeNull()
  await expectAccessible(container)
})
