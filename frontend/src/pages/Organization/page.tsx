import type { CardFragment, InPhaseFragment, PageOrganizationQuery, ProjectPhase } from '../../graphql/generated/graphql'
import { PageOrganizationDocument } from '../../graphql/generated/graphql'
import { Card } from '../../features/Card'
import { notFound } from '../../features/gone'
import { isUdc } from '../../features/organizations'
import { addressOf } from '../../features/searching'
import { page, type Where } from '../../page'
import { datum, getal } from '../../taal'
import { A, Breadcrumbs, Facts, H, List, Notice, P, Prose } from '../../ui'
import { Icon } from '../../ui/Icon'

type Organization = NonNullable<PageOrganizationQuery['organization']>

export default page({
  document: PageOrganizationDocument,
  variables: ({ params }) => ({ slug: params.slug, publisher: params.slug }),
  shows: ({ organization, lessons, templates }, where) => {
    if (!organization) return notFound(where)
    const { t } = where
    const words = t.organization
    const { name, kind, custody, municipalities, origin } = organization
    const elsewhere = origin?.isLocal === false && origin
    return {
      title: name,
      description: words.description(name),
      feed: feedOf(organization),
      jsonLd: governmentOrganization(organization, where),
      body: (
        <div class="plein-wrap">
          <Breadcrumbs trail={[['/udc', words.title]]} />
          <H level={1}>{name}</H>
          <P lead>{isUdc(kind) && municipalities.length > 0 ? words.udcOf(municipalities.map((m) => m.name).join(', ')) : words.kinds[kind]}</P>
          {elsewhere ? (
            <Elsewhere origin={elsewhere} where={where} />
          ) : (
            (where.site.demo || custody === 'REFERENCE') && (
              <Notice>
                <p>{where.site.demo ? t.origin.DEMO : words.reference}</p>
              </Notice>
            )
          )}
          <div class="plein-columns">
            <div>
              <Prose html={organization.approach} />
              <Projects organization={organization} where={where} />
              <Records title={words.lessons} id="lessen" soort="LESSON" found={lessons} organization={organization} where={where} />
              <Records title={words.templates} id="werkwijzen" soort="PROCESS_TEMPLATE" found={templates} organization={organization} where={where} />
            </div>
            <aside aria-labelledby="kenmerken">
              <H level={2} id="kenmerken" class="plein-first">
                {words.facts}
              </H>
              <Known organization={organization} where={where} />
              <p>
                <a class="nl-link" href={where.href(feedOf(organization))}>
                  <Icon name="feed" /> {words.feed}
                </a>
              </p>
            </aside>
          </div>
        </div>
      ),
    }
  },
})

const feedOf = ({ id }: Organization) => addressOf({ chosen: { organisatie: [id] } }, '/zoeken.atom')

/** On which node it publishes, where that is another one. */
function Elsewhere({ origin: { node, url, fetchedAt, isStale }, where: { t, language } }: { origin: NonNullable<Organization['origin']>; where: Where }) {
  return (
    <Notice title={t.organization.publishesOn(node.name) + (fetchedAt ? t.copy.seen(datum(fetchedAt, language)) : '')}>
      <P>{isStale ? t.copy.asleep(node.name) : t.organization.copies}</P>
      <P>
        <A href={url}>{t.copy.act(node.name)}</A>
      </P>
    </Notice>
  )
}

/** What is going on comes first, then what can be learned from. */
function phasesOf(o: Organization): [ProjectPhase, InPhaseFragment][] {
  const all: [ProjectPhase, InPhaseFragment][] = [
    ['RUNNING', o.running],
    ['INTAKE', o.intake],
    ['IDEA', o.idea],
    ['DONE', o.done],
    ['ON_HOLD', o.onHold],
    ['STOPPED', o.stopped],
  ]
  return all.filter(([, found]) => found.totalCount > 0)
}

function Projects({ organization, where }: { organization: Organization; where: Where }) {
  const { t, language } = where
  const words = t.organization
  const phases = phasesOf(organization)
  return (
    <section aria-labelledby="projecten">
      <H level={2} id="projecten">
        {words.projects}
      </H>
      {phases.length === 0 && (
        <>
          <P>{words.noProjects(organization.name)}</P>
          <ul class="plein-ways">
            <li>
              <A to={addressOf({ chosen: { soort: ['PROJECT'] } })}>{words.seeOthers}</A>
            </li>
            <li>
              <A to="/sjablonen">{words.seeTemplates}</A>
            </li>
          </ul>
        </>
      )}
      {phases.map(([phase, { totalCount, nodes }]) => (
        <section key={phase} aria-labelledby={phase}>
          <H level={3} id={phase}>
            {t.phase[phase]} ({getal(totalCount, language)})
          </H>
          <Cards records={nodes} />
          {totalCount > nodes.length && (
            <p>
              <A to={addressOf({ chosen: { soort: ['PROJECT'], status: [phase], organisatie: [organization.id] } })}>{words.allInPhase(getal(totalCount, language), t.phase[phase])}</A>
            </p>
          )}
        </section>
      ))}
    </section>
  )
}

function Records({ title, id, soort, found: { totalCount, nodes }, organization, where: { t, language } }: { title: string; id: string; soort: string; found: { totalCount: number; nodes: CardFragment[] }; organization: Organization; where: Where }) {
  if (nodes.length === 0) return null
  return (
    <section aria-labelledby={id}>
      <H level={2} id={id}>
        {title} ({getal(totalCount, language)})
      </H>
      <Cards records={nodes} />
      {totalCount > nodes.length && (
        <p>
          <A to={addressOf({ chosen: { soort: [soort], organisatie: [organization.id] } })}>{t.organization.all(getal(totalCount, language))}</A>
        </p>
      )}
    </section>
  )
}

function Cards({ records }: { records: CardFragment[] }) {
  return (
    <ul class="plein-cards">
      {records.map((r) => (
        <li key={r.id}>
          <Card record={r} />
        </li>
      ))}
    </ul>
  )
}

function Known({ organization: o, where: { t, language } }: { organization: Organization; where: Where }) {
  const words = t.organization
  const amount = (n: number | null) => n !== null && getal(n, language)
  return (
    <Facts
      facts={[
        [words.kind, words.kinds[o.kind]],
        [
          words.municipalities(o.municipalities.length),
          o.municipalities.length > 0 && (
            <List
              of={o.municipalities.map((m) => (
                <A key={m.code} to={`/gemeenten/${m.code}`}>
                  {m.name}
                </A>
              ))}
            />
          ),
        ],
        [words.activeSince, o.activeSince && datum(o.activeSince, language)],
        [words.activeUntil, o.activeUntil && datum(o.activeUntil, language)],
        [words.researchers, amount(o.researcherCount)],
        [words.cbsColleagues, amount(o.cbsColleagueCount)],
        [words.cbsDays, o.cbsDaysPerWeek !== null && words.daysPerWeek(getal(o.cbsDaysPerWeek, language), o.cbsDaysPerWeek)],
        [words.researchDepartment, o.hasResearchDepartment !== null && (o.hasResearchDepartment ? words.yes : words.no)],
        [words.wipLimit, amount(o.wipLimit)],
        [words.contact, o.contactEmail && <a class="nl-link" href={`mailto:${o.contactEmail}`}>{o.contactEmail}</a>],
        [
          words.sources,
          [...o.sourceLinks, ...(o.tooiIri ? [o.tooiIri] : [])].map((link) => (
            <div key={link}>
              <a class="nl-link" href={link}>
                {link === o.tooiIri ? words.tooi : hostOf(link)}
              </a>
            </div>
          )),
        ],
      ]}
    />
  )
}

/** Where a link leads, short enough for a column. */
function hostOf(link: string): string {
  return /^https?:\/\/(?:www\.)?([^/?#]+)/.exec(link)?.[1] ?? link
}

function governmentOrganization(o: Organization, { site, href }: Where): object {
  return {
    '@context': 'https://schema.org',
    '@type': o.kind === 'KNOWLEDGE_PARTNER' ? 'Organization' : 'GovernmentOrganization',
    '@id': o.uri,
    name: o.name,
    url: site.base + href(`/udc/${o.slug}`),
    ...(o.tooiIri ? { sameAs: o.tooiIri } : {}),
    ...(o.activeSince ? { foundingDate: o.activeSince } : {}),
    ...(o.activeUntil ? { dissolutionDate: o.activeUntil } : {}),
    ...(o.contactEmail ? { email: o.contactEmail } : {}),
    ...(o.municipalities.length > 0 ? { areaServed: o.municipalities.map((m) => ({ '@type': 'AdministrativeArea', name: m.name, identifier: m.code })) } : {}),
  }
}
