import type { ChoiceFragment, PageEditQuery } from '../../graphql/generated/graphql'

type Draft = NonNullable<PageEditQuery['draft']>
export type ProjectDraft = Extract<Draft, { __typename: 'Project' }>
export type LessonDraft = Extract<Draft, { __typename: 'Lesson' }>

const organization = { id: 'o1', slug: 'udc-voorbeeld', name: 'UDC Voorbeeld', viewerCan: ['WRITE' as const] }

const spine = {
  id: 'p1',
  slug: 'wie-gebruikt-de-regeling-niet',
  state: 'DRAFT' as const,
  audience: 'PUBLIC' as const,
  contentLanguage: 'NL' as const,
  revision: 3,
  publicVersion: 0,
  viewerCan: ['UPDATE', 'SUBMIT', 'DISCARD', 'SHARE', 'EMBARGO'] as Draft['viewerCan'],
  publisher: organization,
  license: { id: 'cc-by' },
  sourceLinks: [],
  titleNl: 'Wie gebruikt de regeling niet?',
  titleEn: 'Wie gebruikt de regeling niet?',
  summaryNl: null,
  summaryEn: null,
}

/** A working copy of a project, for tests. */
export const project: ProjectDraft = {
  ...spine,
  __typename: 'Project',
  questionNl: 'Wie gebruikt de regeling niet?',
  questionEn: 'Who does not use the scheme?',
  occasionNl: null,
  occasionEn: null,
  answerNl: null,
  answerEn: null,
  phase: 'RUNNING',
  complexity: null,
  goodFirstProject: false,
  startedOn: '2024-03',
  finishedOn: null,
  effortDays: 12.5,
  costEuro: null,
  pressRelease: null,
  aliases: [],
  basedOn: [{ kind: 'ADAPTED', differenceNl: 'Wij namen ook ouderen mee.', differenceEn: 'Wij namen ook ouderen mee.', to: { uri: 'https://zuid.example/id/p9', title: 'Niet-gebruik in Zuid' } }],
  policyDomains: [{ id: 'd1' }],
  targetGroups: [],
  geoLevel: null,
  methods: [],
  stopReason: null,
  municipalities: [{ code: 'GM0001', name: 'Voorbeeld' }],
  template: null,
  communicationSenders: [],
  embargo: null,
  sources: [{ source: { id: 's1', name: 'Inkomensregister' }, accessRoute: { id: 'udc' }, linkedWith: [{ id: 's2', name: 'Eigen registratie' }], note: null }],
  team: [{ role: { id: 'cbs' }, organization: null, unit: null, label: null }],
  contacts: [{ label: 'Team Onderzoek', email: 'onderzoek@voorbeeld.example', isAmbassador: true, willingToPresent: false }],
  outputs: [
    {
      id: 'p1.o1',
      titleNl: 'Factsheet',
      titleEn: 'Factsheet',
      descriptionNl: null,
      descriptionEn: null,
      url: null,
      mediaType: null,
      file: null,
      deliveredOn: '2027-01-12',
      publishedOn: null,
      mustBecomePublic: true,
      dutyState: 'DUE',
      dueOn: '2027-02-11',
      isOverdue: false,
      kind: { id: 'factsheet' },
      license: null,
      producedBy: { id: 'o2', name: 'CBS' },
    },
  ],
  policyUses: [{ id: 'p1.u1', titleNl: 'Brief aan de raad', titleEn: 'Brief aan de raad', descriptionNl: null, descriptionEn: null, documentUrl: null, decidedOn: '2027', body: null, kind: { id: 'raad' } }],
}

/** A working copy of a lesson, for tests. */
export const lesson: LessonDraft = {
  ...spine,
  __typename: 'Lesson',
  lessonKind: 'DO',
  contextNl: 'De vraag was breed.',
  contextEn: 'De vraag was breed.',
  recommendationNl: null,
  recommendationEn: null,
  consequenceNl: null,
  consequenceEn: null,
  steps: ['vraag'],
  reviewBy: '2029-01-12',
  roles: [],
  learnedIn: { nodes: [{ id: 'p2', title: 'Een ander project' }] },
}

const terms = (...labels: string[]): ChoiceFragment[] => labels.map((label) => ({ id: label.toLowerCase(), label, isDeprecated: false }))

/** A whole answer to what the page asks. */
export function answer(draft: Draft): PageEditQuery {
  return {
    viewer: { id: 'u1', displayName: 'A. Schrijver', memberships: [{ role: 'AUTHOR', organization }] },
    draft,
    publicationPreview: null,
    domains: [
      { id: 'd1', label: 'Sociale zekerheid', isDeprecated: false, broader: null },
      ...Array.from({ length: 14 }, (_, i) => ({ id: `d1${i}`, label: `Onderdeel ${i}`, isDeprecated: false, broader: { id: 'd1' } })),
    ],
    targetGroups: terms('Jongeren', 'Ouderen'),
    methods: terms('Datamatch', 'Kaart'),
    geoLevels: terms('Buurt', 'Gemeente'),
    accessRoutes: terms('UDC', 'Open'),
    roles: terms('CBS', 'Domeinexpert'),
    outputKinds: terms('Factsheet', 'Rapport'),
    useKinds: terms('Raad', 'Maatregel'),
    licenses: terms('CC-BY', 'CC0'),
    stopReasons: terms('Geen-data', 'Anders'),
    processTemplates: {
      nodes: [
        { id: 't1', title: 'In zes stappen', provenance: 'STARTER', publisher: { name: 'UDC Voorbeeld' }, current: { id: 'v1', number: '1.0.0', steps: [{ key: 'vraag', title: 'Vraag' }, { key: 'analyse', title: 'Analyse' }] } },
        { id: 't2', title: 'Korter', provenance: 'OWN', publisher: { name: 'UDC Ander' }, current: { id: 'v2', number: '1.0.0', steps: [{ key: 'kort', title: 'Kort' }] } },
      ],
    },
  }
}
