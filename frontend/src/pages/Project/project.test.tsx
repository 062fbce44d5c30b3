import { cleanup } from '@testing-library/preact'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { PageProjectQuery } from '../../graphql/generated/graphql'
import { match } from '../../routes'
import { copied, expectAccessible, here, showPage } from '../../testing'
import page from './page'
import type { Project } from './project'

const path = '/projecten/udc-delta/laaggeletterdheid'

const named = (kind: 'ProcessTemplate' | 'Lesson' | 'Project', slug: string, title: string) => ({
  __typename: kind,
  slug,
  title,
  languages: ['NL' as const],
  contentLanguage: 'NL' as const,
  publisher: { slug: 'udc-delta', name: 'UDC Delta' },
})

/** Nothing but a question. */
const idea: Project = {
  __typename: 'Project',
  id: 'prj_1',
  uri: 'https://plein.example/id/prj_1',
  title: 'Laaggeletterdheid',
  summary: null,
  languages: ['NL'],
  contentLanguage: 'NL',
  provenance: 'OWN',
  origin: here,
  publicVersion: 1,
  publishedAt: '2026-02-28T23:30:00Z',
  updatedAt: '2026-03-01T09:00:00Z',
  sourceLinks: [],
  license: { label: 'CC BY 4.0', notation: 'cc-by-4.0' },
  publisher: { id: 'org_1', slug: 'udc-delta', name: 'UDC Delta', kind: 'MUNICIPAL_UDC', contactEmail: null },
  phase: 'IDEA',
  question: 'Hoeveel inwoners lezen moeilijk?',
  occasion: null,
  answer: null,
  policyDomains: [],
  targetGroups: [],
  geoLevel: null,
  municipalities: [{ code: 'GM9001', name: 'Delta' }],
  methods: [],
  complexity: null,
  goodFirstProject: false,
  sources: [],
  team: [],
  template: null,
  outputs: [],
  basedOn: [],
  impact: { reuseMunicipalityCount: 0 },
  reusedBy: { totalCount: 0, pageInfo: { endCursor: null, hasNextPage: false }, nodes: [] },
  policyUses: [],
  embargo: null,
  startedOn: null,
  finishedOn: null,
  durationWeeks: null,
  effortDays: null,
  costEuro: null,
  pressRelease: null,
  communicationSenders: [],
  stopReason: null,
  aliases: [],
  contacts: [],
  lessons: { totalCount: 0, nodes: [] },
  comparable: null,
}

/** Everything that can be told. */
const done: Project = {
  ...idea,
  title: 'Laaggeletterdheid',
  summary: 'We telden hoeveel inwoners moeilijk lezen.',
  phase: 'DONE',
  occasion: '<p>Een collega vroeg het.</p>',
  answer: '<p>Ongeveer <strong>een op de negen</strong>.</p>',
  policyDomains: [{ id: 'con_1', label: 'onderwijs', uri: 'https://plein.example/def/onderwijs' }],
  targetGroups: [{ label: 'volwassenen' }],
  geoLevel: { label: 'wijk' },
  methods: [{ id: 'con_2', label: 'datamatch' }],
  complexity: 'SIMPLE',
  goodFirstProject: true,
  sources: [
    {
      source: { id: 'src_1', name: 'Basisregistratie Personen', holder: 'gemeente', catalogueUri: 'https://data.example/brp', isMicrodata: true },
      accessRoute: { label: 'eigen registratie' },
      linkedWith: [{ name: 'Opleidingsniveau' }],
      note: 'Vraag het op tijd aan.',
    },
    { source: { id: 'src_2', name: 'Opleidingsniveau', holder: 'CBS', catalogueUri: null, isMicrodata: false }, accessRoute: { label: 'open data' }, linkedWith: [], note: null },
  ],
  team: [
    { role: { label: 'domeinexpert' }, label: 'adviseur', unit: 'Samenleving', organization: { name: 'gemeente Delta' } },
    { role: { label: 'CBS-collega' }, label: null, unit: null, organization: null },
  ],
  template: { number: '1.0.0', template: named('ProcessTemplate', 'zes-stappen', 'Zes stappen') as NonNullable<Project['template']>['template'] },
  outputs: [
    {
      id: 'out_1',
      kind: { label: 'factsheet' },
      title: 'Lezen in Delta',
      description: '<p>Twee bladzijden.</p>',
      url: 'https://delta.example/lezen.pdf',
      file: null,
      license: { label: 'CC0', notation: 'cc0-1.0' },
      producedBy: { name: 'CBS' },
      mustBecomePublic: true,
      deliveredOn: '2026-01-10',
      publishedOn: '2026-02-01',
      dueOn: '2026-02-09',
      isOverdue: false,
    },
    { id: 'out_2', kind: { label: 'dataset' }, title: 'Tabel', description: null, url: null, file: null, license: null, producedBy: { name: 'CBS' }, mustBecomePublic: true, deliveredOn: '2026-02-01', publishedOn: null, dueOn: '2026-03-03', isOverdue: false },
  ],
  policyUses: [{ id: 'use_1', kind: { label: 'besproken in de gemeenteraad' }, title: 'Raadsbrief', description: null, documentUrl: 'https://delta.example/raad', decidedOn: '2026-02', body: 'gemeenteraad' }],
  startedOn: '2025-10',
  finishedOn: '2026-02-01',
  durationWeeks: 17,
  effortDays: 22.5,
  costEuro: 12500,
  pressRelease: true,
  communicationSenders: [{ name: 'UDC Delta' }],
  aliases: ['taalachterstand'],
  sourceLinks: ['https://www.delta.example/bericht'],
  contacts: [{ label: 'coördinator UDC', email: 'udc@delta.example', isAmbassador: true, willingToPresent: true }],
  lessons: { totalCount: 6, nodes: [{ ...named('Lesson', 'vroeg-beginnen', 'Begin vroeg'), summary: 'Data aanvragen duurt lang.', kind: 'DO' }] as Project['lessons']['nodes'] },
  comparable: {
    perspective: { name: 'Delta' },
    edges: [
      {
        node: named('Project', 'taalles', 'Wie volgt taalles?') as NonNullable<Project['comparable']>['edges'][number]['node'],
        reasons: [
          { contribution: 0.3, text: 'Zelfde thema: onderwijs' },
          { contribution: 0.2, text: 'Dezelfde methode: datamatch' },
          { contribution: 0.1, text: 'Gebruikt ook: BRP' },
          { contribution: 0.05, text: 'Ook in Zeeland' },
          { contribution: 0, text: 'De stedelijkheid is niet bekend' },
        ],
        differences: [{ text: 'Kleiner: 20.000 inwoners tegen 60.000' }],
      },
    ],
  },
}

const shows = (project: Project, url = path, extra: Partial<PageProjectQuery> = {}) =>
  showPage(page, { address: { path, record: project, tombstone: null }, ...extra }, url)

const texts = (container: Element, selector: string) => [...container.querySelectorAll(selector)].map((e) => e.textContent)

afterEach(cleanup)

describe('a project that is finished', () => {
  test('begins with its question and tells everything that is known, in the order in which one reads', async () => {
    const { container, view } = shows(done)
    expect(texts(container, 'h1')).toEqual(['Laaggeletterdheid'])
    expect(container.querySelector('h1 + .plein-question')?.textContent).toBe('Hoeveel inwoners lezen moeilijk?')
    expect(texts(container, 'main h2')).toEqual(['In het kort', 'Het antwoord', 'Hoe de vraag ontstond', 'Hoe het is onderzocht', 'Wat het project opleverde', 'Wat ermee is gedaan', 'Geleerd in dit project', 'Vergelijkbare projecten', 'Vraag het aan', 'Over deze beschrijving'])
    const text = container.textContent!
    for (const said of ['oktober 2025 tot en met 1 februari 2026', '17 weken', '22,5 dagen werk', '€ 12.500', 'Goed om mee te beginnen', 'taalachterstand', 'Vraag het op tijd aan.', 'Is ambassadeur', 'Komt graag over dit project vertellen', '1 maart 2026'])
      expect(text).toContain(said)
    expect(view).toMatchObject({ title: 'Laaggeletterdheid', description: 'We telden hoeveel inwoners moeilijk lezen.', feed: '/zoeken.atom?organisatie=org_1' })
    await expectAccessible(container)
  })

  test('leads on to its municipality, theme, method, way of working and lessons', () => {
    const { container } = shows(done)
    const links = [...container.querySelectorAll('article a')].map((a) => a.getAttribute('href'))
    expect(links).toEqual(
      expect.arrayContaining(['/udc/udc-delta', '/gemeenten/GM9001', '/zoeken?thema=con_1', '/zoeken?methode=con_2', '/sjablonen/udc-delta/zes-stappen/1.0.0', 'https://data.example/brp', 'https://delta.example/lezen.pdf',
        'https://creativecommons.org/licenses/by/4.0/deed.nl', '/lessen/udc-delta/vroeg-beginnen', '/zoeken?soort=LESSON&organisatie=org_1', 'mailto:udc@delta.example', '/id/prj_1.bib', '/id/prj_1.ris', 'https://www.delta.example/bericht']),
    )
    expect(links).toContain('mailto:udc@delta.example?subject=Fout%20in%20de%20beschrijving%20van%20Laaggeletterdheid')
  })

  test('says which output is public and which has to become so', () => {
    const { container } = shows(done)
    const [factsheet, table] = texts(container, '#opbrengst + ul > li')
    expect(factsheet).toContain('Openbaar sinds 1 februari 2026')
    expect(table).toContain('Nog niet openbaar')
    expect(table).toContain('Uitkomsten van CBS worden altijd openbaar.')
  })

  test('leads to the file of an output', () => {
    const file = { name: 'tabel.csv', url: 'https://plein.example/files/fil_1/tabel.csv' }
    const [factsheet, table] = done.outputs
    const { container } = shows({ ...done, outputs: [{ ...factsheet, file }, { ...table, file }] })
    const links = [...container.querySelectorAll('#opbrengst + ul h3 a')].map((a) => [a.textContent, a.getAttribute('href')])
    expect(links).toEqual([['Lezen in Delta', 'https://delta.example/lezen.pdf'], ['tabel.csv', file.url], ['Tabel', file.url]])
    expect(texts(container, '#opbrengst + ul > li')[1]).not.toContain('Nog niet openbaar')
  })

  test('says which output should have been public', () => {
    const [factsheet, table] = done.outputs
    const { container } = shows({ ...done, outputs: [factsheet, { ...table, isOverdue: true }] })
    expect(texts(container, '#opbrengst + ul > li')[1]).toContain('Had openbaar moeten zijn op 3 maart 2026')
  })

  test('names the three strongest likenesses and the differences of comparable projects', () => {
    const { container } = shows(done)
    expect(texts(container, '.plein-likeness li')).toEqual(['Zelfde thema: onderwijs', 'Dezelfde methode: datamatch', 'Gebruikt ook: BRP', 'Kleiner: 20.000 inwoners tegen 60.000'])
  })

  test('has a table of sources that stays a table on a small screen', () => {
    const { container } = shows(done)
    const table = container.querySelector('table')!
    expect(table.querySelector('caption')?.textContent).toBe('Welke data is gebruikt, en hoe het project eraan kwam')
    expect(texts(table, 'thead th')).toEqual(['Bron', 'Van wie', 'Toegang', 'Gekoppeld met', 'Goed om te weten'])
    expect([...table.querySelectorAll('th, td')].every((c) => c.getAttribute('role'))).toBe(true)
  })

  test('can be cited, and says when the citation was copied', async () => {
    const { container } = shows(done)
    const user = userEvent.setup()
    const citation = 'UDC Delta (2026). Laaggeletterdheid (versie 1). Plein. https://plein.example/id/prj_1'
    expect(texts(container, '.plein-copyable')).toEqual([citation])
    await user.click([...container.querySelectorAll('button')].find((b) => b.textContent === 'Kopieer')!)
    expect(await navigator.clipboard.readText()).toBe(citation)
    await vi.waitFor(() => expect(container.querySelector('[role=status]')?.textContent).toBe('Gekopieerd'))
  })

  test('prints when asked to', async () => {
    const print = vi.spyOn(window, 'print').mockImplementation(() => {})
    const { container } = shows(done)
    await userEvent.setup().click([...container.querySelectorAll('button')].find((b) => b.textContent === 'Print als factsheet')!)
    expect(print).toHaveBeenCalledOnce()
  })

  test('tells machines what it is and what they may do with it', () => {
    const { view } = shows(done)
    expect(view.jsonLd).toMatchObject({
      '@id': 'https://plein.example/id/prj_1',
      url: 'https://plein.example' + path,
      inLanguage: 'nl',
      license: 'https://creativecommons.org/licenses/by/4.0/',
      datePublished: '2026-02-28T23:30:00Z',
      publisher: { '@type': 'GovernmentOrganization', name: 'UDC Delta' },
      spatialCoverage: [{ name: 'Delta', identifier: 'GM9001' }],
      mainEntity: { '@type': 'ResearchProject', description: 'Hoeveel inwoners lezen moeilijk?' },
    })
  })

  test('is read in English too, with what is only there in Dutch marked as Dutch', async () => {
    const { container } = shows(done, '/en' + path)
    expect(texts(container, 'main h2')[1]).toBe('The answer')
    expect(texts(container, 'article')[0]).toContain('October 2025 to 1 February 2026')
    for (const selector of ['h1', '.plein-question', '.nl-paragraph--lead', '.plein-answer', '#lessen + ul a']) expect(container.querySelector(selector)?.getAttribute('lang'), selector).toBe('nl')
    expect(container.querySelector('a[href="/en/sjablonen/udc-delta/zes-stappen/1.0.0"]')).not.toBeNull()
    await expectAccessible(container)
  })
})

describe('a project of which little is known', () => {
  test('an idea says that nothing was found out yet, and has no empty sections', async () => {
    const { container } = shows(idea)
    expect(texts(container, 'main h2')).toEqual(['In het kort', 'Nog geen antwoord', 'Vraag het aan', 'Over deze beschrijving'])
    expect(texts(container, '.plein-brief dt')).toEqual(['Status', 'Gemeente'])
    expect(container.textContent).toContain('Dit is een idee')
    await expectAccessible(container)
  })

  test('one from a register without a question says so at the top', async () => {
    const { container, view } = shows({ ...idea, provenance: 'REGISTER', phase: 'DONE', question: null, summary: 'Een dashboard.', municipalities: [] })
    expect(container.querySelector('.plein-question')).toBeNull()
    expect(container.querySelector('h1 ~ .plein-notice')?.textContent).toContain('openbaar register')
    expect(view.description).toBe('Een dashboard.')
    expect(texts(container, 'main h2')).toEqual(['In het kort', 'Vraag het aan', 'Over deze beschrijving'])
    await expectAccessible(container)
  })

  test('one that stopped says why, with respect', async () => {
    const { container } = shows({ ...idea, phase: 'STOPPED', stopReason: { label: 'te weinig capaciteit' } })
    const notice = container.querySelector('.plein-project__story .plein-notice')!
    expect(notice.textContent).toContain('De reden: te weinig capaciteit.')
    expect(notice.textContent).toContain('ook hiervan kunt u leren')
    await expectAccessible(container)
  })
})

describe('a project under embargo', () => {
  const embargoed: Project = {
    ...done,
    answer: null,
    outputs: [],
    policyUses: [],
    communicationSenders: [],
    pressRelease: null,
    embargo: { scope: 'RESULTS', ground: { label: 'wacht op een besluit' }, until: '2027-01-11T23:00:00Z', liftedAt: null, waitsFor: 'Het besluit van het college', state: 'ACTIVE' },
  }

  test('says that there is one, why and until when', async () => {
    const { container } = shows(embargoed)
    const box = container.querySelector('.plein-project__story .plein-notice')!
    expect(box.textContent).toBe('De resultaten staan onder embargoGrondwacht op een besluitWacht opHet besluit van het collegeEinddatum12 januari 2027Op die dag worden ze hier openbaar.')
    expect(texts(container, 'main h2')).not.toContain('Het antwoord')
    expect(texts(container, 'main h2')).not.toContain('Wat het project opleverde')
    await expectAccessible(container)
  })

  test('shows the answer where only outputs wait', () => {
    const { container } = shows({ ...embargoed, answer: done.answer, embargo: { ...embargoed.embargo!, scope: 'OUTPUTS' } })
    expect(container.querySelector('.plein-project__story .plein-notice')?.textContent).toContain('De uitkomsten staan onder embargo')
    expect(container.querySelector('.plein-answer')?.textContent).toContain('een op de negen')
  })

  test('that has ended tells what it waited for', () => {
    const { container } = shows({ ...done, embargo: { scope: 'RESULTS', ground: { label: 'wacht op een bekendmaking' }, until: null, liftedAt: '2026-01-05T09:00:00Z', waitsFor: 'De bekendmaking', state: 'EXPIRED' } })
    expect(texts(container, '.plein-notice')).toEqual([])
    expect(texts(container, 'main h2')).toContain('Het antwoord')
    expect(container.textContent).toContain('Einddatum5 januari 2026')
  })
})

describe('a project and those after it', () => {
  const from = (slug: string) => ({ kind: 'REPEATED' as const, from: named('Project', slug, `Project ${slug}`) as Project['reusedBy']['nodes'][number]['from'] })
  const repeated: Project = { ...done, impact: { reuseMunicipalityCount: 3 }, reusedBy: { totalCount: 7, nodes: [from('een'), from('twee')], pageInfo: { hasNextPage: true, endCursor: 'c 5' } } }

  test('says in how many municipalities it was repeated, and leads to all of them', async () => {
    const { container } = shows(repeated)
    const part = container.querySelector('section[aria-labelledby=herhaald]')!
    expect(part.textContent).toContain('Herhaald in 3 gemeenten7 projecten zijn hierop gebaseerd.')
    expect([...part.querySelectorAll('a')].map((a) => a.getAttribute('href'))).toEqual(['/projecten/udc-delta/een', '/projecten/udc-delta/twee', `${path}?herhaald=c%205#herhaald`])
    await expectAccessible(container)
    expect(page.variables!(match(`${path}?herhaald=c%205`))).toMatchObject({ reused: 'c 5' })
    expect(shows(repeated, `${path}?herhaald=c%205`).container.querySelector(`a[href="${path}#herhaald"]`)).not.toBeNull()
  })

  test('says what it was made after, how, and what was done differently', async () => {
    const to = named('Project', 'zuid', 'Lezen in Zuid') as Project['basedOn'][number]['to']
    const { container } = shows({ ...idea, basedOn: [{ kind: 'ADAPTED', whatWeDidDifferently: '<p>Wij namen ook ouderen mee.</p>', to }] }, '/en' + path)
    const part = container.querySelector('section[aria-labelledby=gebaseerd]')!
    expect(part.textContent).toBe('Based onLezen in ZuidUDC Delta · adaptedWij namen ook ouderen mee.')
    expect(part.querySelector('.plein-prose')!.getAttribute('lang')).toBe('nl')
    await expectAccessible(container)
  })
})

describe('a copy of a project of another node', () => {
  test('says so at the top, and leads home to act', async () => {
    const { container, view } = shows({ ...done, ...copied })
    const notice = container.querySelector('h1 ~ .plein-notice')!
    expect(notice.textContent).toBe('Kopie van UDC Zuid · laatst gezien op 12 januari 2027Bekijk of reageer bij UDC Zuid')
    expect(notice.querySelector('a')!.getAttribute('href')).toBe('https://zuid.example/projecten/udc-zuid/kamers')
    expect(container.querySelector('#fout-melden')).toBeNull() // nobody here could mend it
    expect(view.original).toBe('https://zuid.example/projecten/udc-zuid/kamers')
    await expectAccessible(container)
    expect(shows(done).view.original).toBeUndefined()
  })

  test('that nobody heard of for long is asleep, and one that is still coming has no day', () => {
    const asleep = { ...copied.origin, isStale: true }
    expect(shows({ ...done, ...copied, origin: asleep }, '/en' + path).container.querySelector('h1 ~ .plein-notice')!.textContent).toContain('Asleep: nothing was heard of UDC Zuid for 30 days')
    expect(shows({ ...done, ...copied, origin: { ...copied.origin, fetchedAt: null } }).container.querySelector('.plein-notice__title')!.textContent).toBe('Kopie van UDC Zuid')
  })
})

describe('looking from another municipality', () => {
  const asks = (url: string) => page.variables!(match(url))

  test('takes a code as it is and looks a name up', () => {
    expect(asks(path)).toEqual({ path, reused: null, perspective: null, name: '', isNamed: false })
    expect(asks(path + '?vanuit=GM0546')).toEqual({ path, reused: null, perspective: 'GM0546', name: 'GM0546', isNamed: false })
    expect(asks('/en' + path + '?vanuit=+Bergen+')).toEqual({ path, reused: null, perspective: null, name: 'Bergen', isNamed: true })
  })

  test('lets one choose where a name means several', async () => {
    const { container } = shows(done, path + '?vanuit=Bergen', { municipalities: { nodes: [{ code: 'GM0373', name: 'Bergen (NH.)' }, { code: 'GM0893', name: 'Bergen (L.)' }] } })
    expect(container.querySelector('.plein-perspective')?.hasAttribute('open')).toBe(true)
    expect(container.querySelector(`a[href="${path}?vanuit=GM0893#vergelijkbaar"]`)?.textContent).toBe('Bergen (L.)')
    await expectAccessible(container)
  })

  test('says that a name is not known', () => {
    const { container } = shows(done, path + '?vanuit=Nergenshuizen', { municipalities: { nodes: [] } })
    expect(container.querySelector('.plein-perspective')?.textContent).toContain('geen gemeente met de naam “Nergenshuizen”')
  })

  test('says that it cannot be done from a municipality that is not there', () => {
    const { container } = shows({ ...done, comparable: null }, path + '?vanuit=GM9999')
    expect(container.querySelector('.plein-perspective')?.textContent).toContain('Vanuit deze gemeente kunnen we nu niet vergelijken')
  })
})

describe('an address without a project', () => {
  const at = (address: PageProjectQuery['address']) => showPage(page, { address }, path).view

  test('is not found where nothing is', () => expect(at(null).status).toBe(404))

  test('is gone where a project was withdrawn, with the reason', () => {
    const { view, container } = showPage(page, { address: { path, record: null, tombstone: { title: 'Laaggeletterdheid', reason: 'De cijfers klopten niet.', at: '2026-03-01T12:00:00Z' } } }, path)
    expect(view.status).toBe(410)
    expect(container.textContent).toContain('De cijfers klopten niet.')
  })

  test('leads to the address that the project has now', () => {
    const moved = '/projecten/udc-delta/lezen-en-schrijven'
    expect(at({ path: moved, record: done, tombstone: null }).location).toBe(moved)
  })
})
