import { Card } from '../../features/Card'
import { notFound } from '../../features/gone'
import { isUdc } from '../../features/organizations'
import { addressOf } from '../../features/searching'
import { PageMunicipalityDocument, type PageMunicipalityQuery } from '../../graphql/generated/graphql'
import { page, type Where } from '../../page'
import type { Match } from '../../routes'
import { getal } from '../../taal'
import { A, Breadcrumbs, Facts, H, List, Notice, P } from '../../ui'
import { Icon } from '../../ui/Icon'

type Municipality = NonNullable<PageMunicipalityQuery['municipality']>

const codeOf = ({ params }: Match) => params.code.toUpperCase()
const projectsOf = (codes: string[], path?: string) => addressOf({ chosen: { soort: ['PROJECT'], gemeente: codes } }, path)

export default page({
  document: PageMunicipalityDocument,
  variables: (where) => ({ code: codeOf(where), municipality: codeOf(where) }),
  shows: ({ municipality, search }, where) => {
    if (!municipality) return notFound(where)
    if (municipality.code !== where.params.code) return { location: `/gemeenten/${municipality.code}`, title: '', body: null }
    const { name, province, code } = municipality
    const { t } = where
    return {
      title: t.municipality.pageTitle(name),
      description: t.municipality.description(name, province),
      feed: projectsOf([code], '/zoeken.atom'),
      jsonLd: { '@context': 'https://schema.org', '@type': 'AdministrativeArea', name, identifier: code, containedInPlace: { '@type': 'AdministrativeArea', name: province } },
      body: (
        <div class="plein-wrap">
          <Breadcrumbs trail={[['/gemeenten', t.municipality.title]]} />
          <H level={1}>{name}</H>
          <P lead>{t.municipality.in(province)}</P>
          <div class="plein-columns">
            <div>
              <Projects municipality={municipality} search={search} where={where} />
            </div>
            <aside aria-labelledby="kenmerken">
              <H level={2} id="kenmerken" class="plein-first">
                {t.municipality.facts}
              </H>
              <Known municipality={municipality} where={where} />
            </aside>
          </div>
          <Similar municipality={municipality} where={where} />
        </div>
      ),
    }
  },
})

function Projects({ municipality: { name, code, similar }, search: { nodes, totalCount }, where: { t, language, href } }: { municipality: Municipality; search: PageMunicipalityQuery['search']; where: Where }) {
  const words = t.municipality
  const count = getal(totalCount, language)
  return (
    <>
      <H level={2} class="plein-first">
        {words.projects}
      </H>
      {totalCount === 0 ? (
        <Notice title={words.none(name)}>
          <p>{words.noneText}</p>
          <ul class="plein-ways">
            {similar.length > 0 && (
              <li>
                <A to={projectsOf(similar.map((s) => s.municipality.code))}>{words.noneSimilar}</A>
              </li>
            )}
            <li>
              <A to={addressOf({ chosen: { begin: ['ja'] } })}>{words.noneFirst}</A>
            </li>
            <li>
              <A to="/sjablonen">{words.noneTemplate}</A>
            </li>
          </ul>
        </Notice>
      ) : (
        <>
          {totalCount > nodes.length && <P>{words.projectsShown(getal(nodes.length, language), count)}</P>}
          <ul class="plein-cards">
            {nodes.map((p) => (
              <li key={p.id}>
                <Card record={p} />
              </li>
            ))}
          </ul>
          {totalCount > nodes.length && (
            <p>
              <A to={projectsOf([code])}>{words.allProjects(count)}</A>
            </p>
          )}
        </>
      )}
      <p>
        <a class="nl-link" href={href(projectsOf([code], '/zoeken.atom'))}>
          <Icon name="feed" /> {words.feed}
        </a>
      </p>
    </>
  )
}

function Known({ municipality: m, where: { t, language } }: { municipality: Municipality; where: Where }) {
  const words = t.municipality
  const links = (udcs: boolean) =>
    m.organizations
      .filter((o) => isUdc(o.kind) === udcs)
      .map((o) => (
        <A key={o.slug} to={`/udc/${o.slug}`}>
          {o.name}
        </A>
      ))
  const udcs = links(true)
  const others = links(false)
  return (
    <Facts
      facts={[
        [words.aliases, m.aliases.join(', ')],
        [words.province, m.province],
        [words.population, m.population !== null && words.populationIn(getal(m.population, language), m.referenceYear)],
        [words.sizeClass, m.sizeClass && t.sizeClass[m.sizeClass]],
        [words.density, m.density !== null && words.densityOf(getal(m.density, language))],
        [words.urbanity, m.urbanity === null ? words.urbanityUnknown : t.urbanity[m.urbanity]],
        [words.udcs, udcs.length > 0 && <List of={udcs} />],
        [words.organizations, others.length > 0 && <List of={others} />],
        [words.code, m.code],
      ]}
    />
  )
}

function Similar({ municipality: { similar }, where: { t } }: { municipality: Municipality; where: Where }) {
  if (similar.length === 0) return null
  return (
    <section aria-labelledby="vergelijkbaar">
      <H level={2} id="vergelijkbaar">
        {t.municipality.similar}
      </H>
      <P>{t.municipality.similarLead}</P>
      <ul class="plein-cards">
        {similar.map(({ municipality: m, reasons }) => (
          <li key={m.code} class="plein-card">
            <H level={3}>
              <A to={`/gemeenten/${m.code}`}>{m.name}</A>
            </H>
            <p class="plein-meta">{m.province}</p>
            <ul class="plein-ways">
              {reasons
                .filter((r) => r.contribution > 0)
                .map((r) => (
                  <li key={r.text}>{r.text}</li>
                ))}
            </ul>
          </li>
        ))}
      </ul>
      <p>
        <A to={projectsOf(similar.map((s) => s.municipality.code))}>{t.municipality.similarProjects}</A>
      </p>
    </section>
  )
}
