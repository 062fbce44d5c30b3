import { cleanup, fireEvent, screen, within } from '@testing-library/preact'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test } from 'vitest'
import type { PageSearchQuery } from '../../graphql/generated/graphql'
import { match } from '../../routes'
import { expectAccessible, here, showPage } from '../../testing'
import search from './page'

type Found = PageSearchQuery['search']
type Edge = Found['edges'][number]

afterEach(cleanup)

const nothing: Found = {
  totalCount: 0,
  groupCount: 0,
  exactCount: 0,
  relaxed: false,
  isDegraded: false,
  missingNodes: [],
  notice: null,
  suggestion: null,
  expansions: [],
  nextSteps: [],
  facets: [],
  pageInfo: { endCursor: null, hasNextPage: false },
  edges: [],
}

const udc = { slug: 'udc-a', name: 'UDC A' }
const common = { languages: ['NL' as const], contentLanguage: 'NL' as const, provenance: 'OWN' as const, origin: here, publishedAt: '2025-02-03T10:00:00Z', publisher: udc }

function edge(slug: string, more: Partial<Edge> = {}): Edge {
  return {
    matchesAll: true,
    highlights: [],
    alikeCount: 0,
    alikePublisherCount: 1,
    alike: [],
    node: { ...common, __typename: 'Project', id: 'prj_' + slug, slug, title: `Project ${slug}`, summary: `Over ${slug}.`, phase: 'DONE', municipalities: [], policyDomains: [] },
    ...more,
  }
}

const bucket = (value: string, label: string, count: number, selected = false) => ({ value, label, count, selected })

const some: Found = {
  ...nothing,
  totalCount: 23,
  groupCount: 21,
  exactCount: 23,
  facets: [
    { facet: 'TYPE', otherCount: 0, buckets: [bucket('PROJECT', 'Project', 20), bucket('LESSON', 'Les', 3)] },
    { facet: 'POLICY_DOMAIN', otherCount: 0, buckets: ['wonen', 'zorg', 'werk', 'jeugd', 'verkeer', 'milieu', 'cultuur', 'sport'].map((label, i) => bucket(`con_${label}`, label, 8 - i, i === 0)) },
    { facet: 'MUNICIPALITY', otherCount: 7, buckets: [bucket('GM0546', 'Leiden', 4), bucket('GM0363', 'Amsterdam', 3)] },
    { facet: 'SIZE_CLASS', otherCount: 0, buckets: [bucket('GE_250K', '', 9), bucket('LT_5K', '', 2), bucket('K20_50', '', 1)] },
    { facet: 'URBANITY', otherCount: 0, buckets: [bucket('3', '', 5), bucket('1', '', 4)] },
    { facet: 'YEAR', otherCount: 0, buckets: [bucket('2019', '2019', 5), bucket('2024', '2024', 4)] },
    { facet: 'USED_IN_POLICY', otherCount: 0, buckets: [bucket('false', 'Nee', 20), bucket('true', 'Ja', 3)] },
  ],
  pageInfo: { endCursor: 'eyJ', hasNextPage: true },
  edges: [edge('een'), edge('twee')],
}

const show = (found: Found, url = '/zoeken', go?: (url: string) => void) => showPage(search, { search: found }, url, go)
const values = (container: Element, name: string) => [...container.querySelectorAll<HTMLInputElement>(`input[name="${name}"]`)].map((i) => i.value)
/** What the form sends as it stands. */
const sent = (container: Element) => new URLSearchParams([...new FormData(container.querySelector('form')!)].map(([k, v]) => [k, String(v)])).toString()

test('the page asks for what the address says, and counts what is not offered only once it is chosen', () => {
  const asked = (url: string) => search.variables!(match(url))
  expect(asked('/zoeken')).toMatchObject({ query: null, filter: {}, sort: 'RELEVANCE', grouped: true, after: null })
  expect(asked('/zoeken').facets).not.toContain('ORGANIZATION')
  expect(asked('/en/zoeken?q=zorg&organisatie=org_1&apart=ja&na=eyJ')).toMatchObject({ query: 'zorg', filter: { organizations: ['org_1'] }, grouped: false, after: 'eyJ' })
  expect(asked('/zoeken?organisatie=org_1').facets).toContain('ORGANIZATION')
  expect(asked('/zoeken?gemeenten=alle').facetSize).toBe(400)
})

for (const [language, base] of [['nl', '/zoeken'], ['en', '/en/zoeken']]) {
  test(`a page with results is accessible in ${language}`, async () => {
    const { container, view } = show({ ...some, isDegraded: true, notice: 'Let op.', suggestion: 'kamers', expansions: [{ typed: 'kamer', relation: 'SYNONYM', says: 'verkamering' }] }, `${base}?q=kamer&thema=con_wonen&sorteer=titel`)
    expect(container.querySelectorAll('h1')).toHaveLength(1)
    expect(view.hidden).toBe(true)
    await expectAccessible(container)
  })
  test(`a page without results is accessible in ${language}`, async () => {
    const { container } = show(nothing, `${base}?q=xyz&thema=con_wonen&soort=LESSON`)
    await expectAccessible(container)
  })
}

test('only the empty search is for search engines', () => {
  expect(show(some).view.hidden).toBe(false)
  expect(show(some, '/zoeken?onbekend=x').view.hidden).toBe(false)
  for (const query of ['q=zorg', 'soort=LESSON', 'sorteer=titel', 'na=eyJ']) expect(show(some, '/zoeken?' + query).view.hidden, query).toBe(true)
})

test('results are counted in words', () => {
  const heading = (found: Found, url?: string) => {
    cleanup()
    return show(found, url).container.querySelector('#gevonden')!.textContent
  }
  expect(heading({ ...some, totalCount: 1530 })).toBe('1.530 beschrijvingen')
  expect(heading({ ...some, totalCount: 1530 }, '/en/zoeken')).toBe('1,530 descriptions')
  expect(heading(some, '/zoeken?q=zorg')).toBe('23 resultaten voor ‘zorg’')
  expect(heading({ ...some, totalCount: 1 }, '/en/zoeken?q=care')).toBe('1 result for ‘care’')
  expect(heading(nothing, '/zoeken?q=<b>')).toBe('Niets gevonden voor ‘<b>’')
})

test('without JavaScript the form sends words, choices and what came by link', () => {
  const { container } = show(some, '/zoeken?q=zorg&thema=con_wonen&provincie=Zeeland&begin=ja&sorteer=titel&letterlijk=ja&apart=ja&na=eyJ')
  const form = container.querySelector('form')!
  expect([form.getAttribute('action'), form.method]).toEqual(['/zoeken', 'get'])
  expect(sent(container)).toBe('q=zorg&provincie=Zeeland&begin=ja&sorteer=titel&letterlijk=ja&apart=ja&thema=con_wonen')
  expect(within(form).getByRole('button', { name: 'Toon resultaten', hidden: true })).toBeTruthy()
})

test('filters are groups of choices with their counts, in their own order', () => {
  const { container } = show(some, '/zoeken?thema=con_wonen')
  expect([...container.querySelectorAll('.plein-facet > summary')].map((s) => s.textContent)).toEqual(['Soort', 'Thema', 'Gemeente', 'Grootte en stedelijkheid', 'Jaar', 'Gebruikt in beleid'])
  expect(values(container, 'grootte')).toEqual(['LT_5K', 'K20_50', 'GE_250K'])
  expect(values(container, 'stedelijkheid')).toEqual(['1', '3'])
  expect(values(container, 'jaar')).toEqual(['2024', '2019'])
  expect(values(container, 'gebruikt')).toEqual(['ja'])
  expect(container.querySelector('input[name=thema]')!.closest('label')!.textContent).toBe('wonen 8')
  expect([...container.querySelectorAll<HTMLInputElement>('input:checked')].map((i) => i.value)).toEqual(['con_wonen'])
  const more = container.querySelector('#filter-thema details')!
  expect(more.querySelectorAll('input')).toHaveLength(2)
  expect(container.querySelector('.plein-facet__all')!.getAttribute('href')).toBe('/zoeken?thema=con_wonen&gemeenten=alle#filter-gemeente')
})

test('from which node a description comes is a choice where there is one', async () => {
  const nodes = (...buckets: ReturnType<typeof bucket>[]): Found => ({ ...some, facets: [{ facet: 'NODE', otherCount: 0, buckets }] })
  const at = (found: Found, url: string) => {
    cleanup()
    return show(found, url).container
  }
  expect(at(nodes(bucket('nod_a', 'UDC Noord', 3)), '/zoeken').querySelector('#filter-plein')).toBeNull()
  const two = at(nodes(bucket('nod_a', 'UDC Noord', 3), bucket('nod_b', 'UDC Zuid', 2, true)), '/zoeken?q=zorg&plein=nod_b')
  expect(two.querySelector('#filter-plein summary')!.textContent).toBe('Van welk Plein')
  expect([...two.querySelectorAll('#filter-plein label')].map((l) => l.textContent)).toEqual(['UDC Noord 3', 'UDC Zuid 2'])
  expect(sent(two)).toBe('q=zorg&plein=nod_b')
  expect(two.querySelector('.plein-chip')!.textContent).toBe('Verwijder filter Van welk Plein: UDC Zuid')
  await expectAccessible(two)
  // One that is chosen stays, also when there is no other and when nobody knows it.
  const unknown = at(nodes(bucket('weg', 'weg', 0, true)), '/en/zoeken?plein=weg')
  expect(unknown.querySelector('.plein-chip')!.textContent).toBe('Remove filter From which Plein: weg')
  expect([...unknown.querySelectorAll('.plein-take a')].map((a) => a.getAttribute('href'))).toEqual(['/en/zoeken.atom?plein=weg', '/en/zoeken.csv?plein=weg', '/en/zoeken.ndjson?plein=weg'])
  expect(sent(unknown)).toBe('q=&plein=weg')
})

test('all municipalities stand in one list by name', () => {
  const facets: Found['facets'] = [{ facet: 'MUNICIPALITY', otherCount: 0, buckets: [bucket('1', 'Zwolle', 9), bucket('2', "'s-Gravenhage", 8), bucket('3', 'Aalten', 7), bucket('4', 'Haarlem', 1)] }]
  const { container } = show({ ...some, facets }, '/zoeken?gemeenten=alle')
  expect(values(container, 'gemeente')).toEqual(['3', '2', '4', '1'])
  expect(container.querySelector('.plein-facet__all')).toBeNull()
})

test('with JavaScript a choice is shown at once', async () => {
  const went: string[] = []
  const { container } = show(some, '/en/zoeken?q=care&thema=con_wonen&na=eyJ', (url) => went.push(url))
  await userEvent.click(container.querySelector('input[value=LESSON]')!)
  await userEvent.click(container.querySelector('input[value=con_wonen]')!)
  expect(went).toEqual(['/en/zoeken?q=care&soort=LESSON&thema=con_wonen', '/en/zoeken?q=care&soort=LESSON'])
  fireEvent.submit(container.querySelector('form')!)
  expect(went).toHaveLength(3)
  expect(document.activeElement?.id).toBe('gevonden')
})

test('what is chosen can be taken away one by one, or all at once', () => {
  const found: Found = { ...some, facets: [...some.facets, { facet: 'ORGANIZATION', otherCount: 0, buckets: [bucket('org_1', 'UDC Leiden', 3, true)] }] }
  const { container } = show(found, '/zoeken?q=zorg&thema=con_wonen&grootte=GE_250K&provincie=Zeeland&organisatie=org_1&begin=ja&doelgroep=onbekend&sorteer=titel')
  const chips = within(container.querySelector('.plein-chips')!).getAllByRole('link').map((a) => [a.textContent, a.getAttribute('href')])
  expect(chips.map(([label]) => label)).toEqual([
    'Verwijder filter Thema: wonen',
    'Verwijder filter Grootte: 250.000 inwoners of meer',
    'Verwijder filter Provincie: Zeeland',
    'Verwijder filter Doelgroep: onbekend',
    'Verwijder filter Organisatie: UDC Leiden',
    'Verwijder filter Goed om mee te beginnen: Ja',
    'Wis alles',
  ])
  expect(chips[0][1]).toBe('/zoeken?q=zorg&grootte=GE_250K&provincie=Zeeland&doelgroep=onbekend&organisatie=org_1&begin=ja&sorteer=titel')
  expect(chips.at(-1)![1]).toBe('/zoeken?q=zorg&sorteer=titel')
})

test('found words are marked, and words that nobody typed are explained', () => {
  const hit = (text: string) => ({ text, hit: true })
  const plain = (text: string) => ({ text, hit: false })
  const { container } = show(
    {
      ...some,
      expansions: [
        { typed: 'kamerverhuur', relation: 'SYNONYM', says: 'verkamering' },
        { typed: 'kamerverhuur', relation: 'SYNONYM', says: 'woningdelen' },
      ],
      edges: [
        edge('een', { node: { ...edge('een').node, title: 'Verkamering in Leiden' }, highlights: [{ field: 'title', fragments: [hit('Verkamering'), plain(' in Leiden')] }, { field: 'body', fragments: [plain('…over '), hit('kamers')] }, { field: 'tags', fragments: [hit('datamatch')] }] }),
        edge('twee', { highlights: [{ field: 'summary', fragments: [plain('<b>'), hit('kamerverhuur')] }] }),
      ],
    },
    '/zoeken?q=kamerverhuur',
  )
  const [first, second] = container.querySelectorAll('.plein-card')
  expect([...first.querySelectorAll('mark')].map((m) => m.textContent)).toEqual(['Verkamering', 'kamers', 'datamatch'])
  expect(first.textContent).toContain('…over kamers')
  expect(first.textContent).toContain('Staat bij: datamatch')
  expect(first.textContent).toContain('Gevonden met ‘verkamering’ (betekent hetzelfde als ‘kamerverhuur’)')
  expect(second.textContent).toContain('<b>kamerverhuur')
  expect(second.textContent).not.toContain('Gevonden met')
})

test('what else was searched for can be read, and switched off', () => {
  const found: Found = {
    ...some,
    expansions: [
      { typed: 'kamer', relation: 'SYNONYM', says: 'verkamering' },
      { typed: 'kamer', relation: 'BROADER', says: 'wonen' },
      { typed: 'huis', relation: 'SYNONYM', says: 'verkamering' },
    ],
  }
  const { container } = show(found, '/zoeken?q=kamer')
  const also = container.querySelector('.plein-also')!
  expect([...also.querySelectorAll('dl > div')].map((d) => [d.querySelector('dt')!.textContent, d.querySelector('dd')!.textContent])).toEqual([
    ['Betekent hetzelfde', 'verkamering'],
    ['Is ruimer', 'wonen'],
  ])
  expect(within(also as HTMLElement).getByRole('link', { hidden: true }).getAttribute('href')).toBe('/zoeken?q=kamer&letterlijk=ja')
  cleanup()
  show(some, '/zoeken?q=kamer&letterlijk=ja')
  expect(screen.getByRole('link', { name: 'Zoek ook op woorden die hetzelfde betekenen' }).getAttribute('href')).toBe('/zoeken?q=kamer')
})

test('records with a part of the words stand in a group of their own, below those with all', () => {
  const { container } = show({ ...some, relaxed: true, exactCount: 1, notice: 'Eén resultaat heeft alle woorden.', edges: [edge('een'), edge('twee', { matchesAll: false })] }, '/zoeken?q=oude+kamers')
  const lists = [...container.querySelectorAll('.plein-hits')]
  expect(lists.map((l) => l.querySelectorAll('.plein-card').length)).toEqual([1, 1])
  expect(lists[1].previousElementSibling!.textContent).toMatch(/^Met een deel van uw woorden/)
  expect(container.querySelector('.plein-notice')!.textContent).toBe('Eén resultaat heeft alle woorden.')
  cleanup()
  const none = show({ ...some, relaxed: true, exactCount: 0, edges: [edge('een', { matchesAll: false })] }, '/zoeken?q=oude+kamers').container
  expect([...none.querySelectorAll('section h2')].map((h) => h.textContent)).toEqual(['23 resultaten voor ‘oude kamers’', 'Volg of bewaar deze zoekopdracht']) // the notice says it
})

test('what is nearly the same folds behind the first, and can be shown apart', () => {
  const alike = ['b', 'c'].map((slug) => ({ ...common, __typename: 'Project' as const, slug, title: 'Project een', publisher: { slug, name: 'UDC ' + slug.toUpperCase() } }))
  const { container } = show({ ...some, edges: [edge('een', { alikeCount: 12, alikePublisherCount: 13, alike }), edge('twee', { alikeCount: 1, alike: alike.slice(0, 1) })] }, '/zoeken?q=zorg')
  const [many, one] = container.querySelectorAll('.plein-alike')
  expect(many.querySelector('summary')!.textContent).toBe('Ook bij 12 andere organisaties')
  expect([...many.querySelectorAll('a')].map((a) => a.getAttribute('href'))).toEqual(['/projecten/b/b', '/projecten/c/c', '/zoeken?q=%22Project+een%22&apart=ja'])
  expect(one.querySelector('summary')!.textContent).toBe('Nog 1 die bijna hetzelfde is')
  expect(screen.getByRole('link', { name: 'Toon alles apart' }).getAttribute('href')).toBe('/zoeken?q=zorg&apart=ja')
})

test('nothing found says what to do, with the searches ready', () => {
  const found: Found = {
    ...nothing,
    facets: [{ facet: 'PHASE', otherCount: 0, buckets: [bucket('RUNNING', '', 0, true)] }],
    nextSteps: [
      { query: 'armoede', facet: 'PHASE', totalCount: 1200 },
      { query: 'armoede', facet: null, totalCount: 3 },
      { query: 'minima', facet: null, totalCount: null },
    ],
  }
  const { container } = show(found, '/zoeken?q=armoede&status=RUNNING&begin=ja')
  const ways = () => [...container.querySelectorAll('.plein-ways a')].map((a) => [a.textContent, a.getAttribute('href')])
  expect(ways()).toEqual([
    ['Laat het filter Status weg (1.200)', '/zoeken?q=armoede&begin=ja'],
    ['Zoek zonder filters', '/zoeken?q=armoede'],
    ['Bekijk alle beschrijvingen', '/zoeken'],
    ['Kijk welk Urban Data Center bij u in de buurt is', '/udc'],
  ])
  expect(container.querySelector('.plein-hits')).toBeNull()
  expect(container.querySelector('.plein-take')).toBeNull()
})

test('a better spelling and other terms are a click away', () => {
  const { container } = show({ ...some, suggestion: 'armoede', nextSteps: [{ query: 'armoede', facet: null, totalCount: null }, { query: 'minima', facet: null, totalCount: null }] }, '/en/zoeken?q=armoade&soort=PROJECT')
  expect(screen.getByRole('link', { name: 'armoede' }).getAttribute('href')).toBe('/en/zoeken?q=armoede&soort=PROJECT')
  expect([...container.querySelectorAll('.plein-try a')].map((a) => a.getAttribute('href'))).toEqual(['/en/zoeken?q=minima&soort=PROJECT'])
})

test('one reads on by cursor and can come back to the beginning', () => {
  const { container } = show(some, '/zoeken?q=zorg&na=eyI')
  const links = [...container.querySelectorAll('nav.plein-actions a')].map((a) => [a.textContent!.trim(), a.getAttribute('href')])
  expect(links).toEqual([
    ['Volgende 15', '/zoeken?q=zorg&na=eyJ'],
    ['Terug naar het begin', '/zoeken?q=zorg'],
  ])
})

test('orders are links; without words the best first is nothing to choose', () => {
  const orders = (url: string) => {
    cleanup()
    const { container } = show(some, url)
    return [...container.querySelectorAll('.plein-order a')].map((a) => a.textContent + (a.getAttribute('aria-current') ? '*' : ''))
  }
  expect(orders('/zoeken?q=zorg&sorteer=nieuw')).toEqual(['Beste eerst', 'Nieuwste*', 'Laatst gewijzigd', 'Vaakst herhaald', 'Titel'])
  expect(orders('/zoeken?sorteer=gewijzigd')).toEqual(['Laatst gewijzigd*', 'Nieuwste', 'Vaakst herhaald', 'Titel'])
})

test('exactly this search can be followed and downloaded', () => {
  const { container, view } = show(some, '/en/zoeken?q=care&soort=PROJECT&sorteer=titel&apart=ja&na=eyJ')
  expect([...container.querySelectorAll('.plein-take a')].map((a) => a.getAttribute('href'))).toEqual([
    '/en/zoeken.atom?q=care&soort=PROJECT',
    '/en/zoeken.csv?q=care&soort=PROJECT&sorteer=titel',
    '/en/zoeken.ndjson?q=care&soort=PROJECT&sorteer=titel',
  ])
  expect(view.feed).toBe('/zoeken.atom?q=care&soort=PROJECT')
})

test('a title in another language than the page says so', () => {
  const { container } = show(some, '/en/zoeken')
  expect(container.querySelector('.plein-card h3 a')!.getAttribute('lang')).toBe('nl')
})

test('a title that was found in another language stays in that of the page', () => {
  const found = edge('een', { node: { ...edge('een').node, title: 'Working people', languages: ['NL', 'EN'] }, highlights: [{ field: 'title', fragments: [{ text: 'Werkende', hit: true }, { text: ' mensen', hit: false }] }] })
  const { container } = show({ ...some, edges: [found] }, '/en/zoeken?q=workers')
  expect(container.querySelector('.plein-card h3')!.textContent).toBe('Working people')
})

test('a copy has the name of its home on its card, and nodes of which something may be missing are named', async () => {
  const copy = edge('zuid')
  copy.node = { ...copy.node, provenance: 'PEER', origin: { node: { name: 'UDC Zuid' } } }
  const nodes = ['Noord', 'Oost', 'Zuid', 'West', 'Midden'].map((name) => ({ name }))
  const at = (missingNodes: { name: string }[], url = '/zoeken?q=kamers') => showPage(search, { search: { ...some, edges: [copy], missingNodes } }, url).container
  expect(at([]).querySelector('.plein-notice')).toBeNull()
  expect(at(nodes.slice(0, 1)).querySelector('.plein-notice')!.textContent).toBe('Resultaten van Noord kunnen ontbreken of verouderd zijn.')
  expect(at(nodes.slice(0, 3)).querySelector('.plein-notice')!.textContent).toBe('Resultaten van Noord, Oost en Zuid kunnen ontbreken of verouderd zijn.')
  const many = at(nodes, '/en/zoeken?q=kamers')
  expect(many.querySelector('.plein-notice')!.textContent).toBe('Results from Noord, Oost, Zuid and 2 other catalogues may be missing or out of date.')
  expect(many.querySelector('.plein-card .plein-badges')!.textContent).toContain('Copy from UDC Zuid')
  await expectAccessible(many)
})
