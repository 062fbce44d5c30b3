import { here } from '../../testing'
import type { InFullFragment, OutlookFragment, StandingFragment } from '../../graphql/generated/graphql'

/** Who signed in, for tests. */
export const viewer = { id: 'usr_1', displayName: 'A. Lezer', memberships: [{ role: 'COORDINATOR' as const, organization: { id: 'org_1', slug: 'udc-delta', name: 'UDC Delta' } }] }

/** A working copy of a project in full, for tests. */
export const aProject: Extract<InFullFragment, { __typename: 'Project' }> = {
  __typename: 'Project',
  id: 'prj_1',
  uri: 'https://plein.example/id/prj_1',
  title: 'Niet-gebruik',
  summary: 'We telden wie de regeling niet gebruikt.',
  languages: ['NL'],
  contentLanguage: 'NL',
  provenance: 'OWN',
  origin: here,
  publicVersion: 0,
  publishedAt: null,
  updatedAt: '2026-03-01T09:00:00Z',
  sourceLinks: [],
  license: { label: 'CC BY 4.0', notation: 'cc-by-4.0' },
  publisher: { id: 'org_1', slug: 'udc-delta', name: 'UDC Delta', kind: 'MUNICIPAL_UDC', contactEmail: 'udc@delta.example' },
  phase: 'DONE',
  question: 'Wie gebruikt de regeling niet?',
  occasion: null,
  answer: '<p>Een derde.</p>',
  policyDomains: [],
  targetGroups: [],
  geoLevel: null,
  municipalities: [],
  methods: [],
  complexity: null,
  goodFirstProject: false,
  sources: [],
  team: [],
  template: null,
  outputs: [],
  basedOn: [],
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
}

/** Where it stands, for tests. */
export const standing: StandingFragment = { __typename: 'Project', id: 'prj_1', title: 'Niet-gebruik', languages: ['NL'], contentLanguage: 'NL', state: 'DRAFT', publicVersion: 0, viewerCan: ['UPDATE'] }

/** That everybody sees it at once, for tests. */
export const outlook: OutlookFragment = { visibleAt: null, audience: 'PUBLIC', hidden: [], differences: [], missing: [], warnings: [] }
