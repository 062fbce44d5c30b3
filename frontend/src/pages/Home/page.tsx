import { Card } from '../../features/Card'
import { Map } from '../../features/Map'
import { PlaceTable } from '../../features/PlaceTable'
import { placesOf } from '../../features/places'
import { SearchBox } from '../../features/SearchBox'
import { addressOf } from '../../features/searching'
import { PageHomeDocument, type PageHomeQuery } from '../../graphql/generated/graphql'
import { page, type Where } from '../../page'
import { getal } from '../../taal'
import { A, ButtonLink, H, P } from '../../ui'

/** How many municipalities the table beside the map has; the rest is on their own page. */
const shown = 15

const allProjects = addressOf({ chosen: { soort: ['PROJECT'] } })

export default page({
  document: PageHomeDocument,
  shows: (data, where) => ({
    title: where.t.home.documentTitle,
    description: where.t.home.lead,
    feed: addressOf({}, '/zoeken.atom'),
    jsonLd: webSite(where),
    body: <Home data={data} where={where} />,
  }),
})

function Home({ data: { search, lessons, organizations }, where: { t, language, query } }: { data: PageHomeQuery; where: Where }) {
  const places = placesOf(search.facets)
  const counts: [to: string, count: number, label: [one: string, more: string]][] = [
    [allProjects, search.totalCount, t.home.countProjects],
    ['/udc', organizations.totalCount, t.home.countOrganizations],
    ['/gemeenten', places.length, t.home.countMunicipalities],
  ]
  return (
    <>
      <div class="plein-hero">
        <div class="plein-wrap">
          <div>
            {query.has('gewist') && (
              <p class="plein-notice" role="status">
                {t.home.erased}
              </p>
            )}
            <H level={1}>{t.home.title}</H>
            <P lead>{t.home.lead}</P>
            <SearchBox>
              <p class="plein-examples">
                {t.home.try}{' '}
                {t.home.examples.map((words, i) => [i > 0 && ' · ', <A to={addressOf({ words })}>{words}</A>])}
              </p>
            </SearchBox>
          </div>
          <ul class="plein-counts" aria-label={t.home.counts}>
            {counts.map(([to, count, [one, more]]) => (
              <li key={to}>
                <A to={to}>
                  <strong>{getal(count, language)}</strong> {count === 1 ? one : more}
                </A>
              </li>
            ))}
          </ul>
        </div>
      </div>

      <section class="plein-wrap" aria-labelledby="nieuw">
        <H level={2} id="nieuw">
          {t.home.newest}
        </H>
        {search.nodes.length === 0 ? (
          <P>{t.home.noProjects}</P>
        ) : (
          <>
            <ul class="plein-cards">
              {search.nodes.map((p) => (
                <li key={p.id}>
                  <Card record={p} />
                </li>
              ))}
            </ul>
            <p>
              <A to={addressOf({ chosen: { soort: ['PROJECT'] }, order: 'nieuw' })}>{t.home.allProjects}</A>
            </p>
          </>
        )}
      </section>

      <section class="plein-band" aria-labelledby="werkwijze">
        <div class="plein-wrap">
          <H level={2} id="werkwijze">
            {t.home.process}
          </H>
          <P>{t.home.processLead}</P>
          <ol class="plein-six">
            {t.home.steps.map(([title, text]) => (
              <li key={title}>
                <H level={3}>{title}</H>
                <p>{text}</p>
              </li>
            ))}
          </ol>
          <ButtonLink to="/sjablonen">{t.home.processMore}</ButtonLink>
        </div>
      </section>

      {lessons.nodes.length > 0 && (
        <section class="plein-wrap" aria-labelledby="lessen">
          <H level={2} id="lessen">
            {t.home.lessons}
          </H>
          <ul class="plein-cards">
            {lessons.nodes.map((l) => (
              <li key={l.id}>
                <Card record={l} />
              </li>
            ))}
          </ul>
          <p>
            <A to="/lessen">{t.home.allLessons}</A>
          </p>
        </section>
      )}

      <section class="plein-wrap plein-atlas" aria-labelledby="kaart">
        <div>
          <H level={2} id="kaart">
            {t.home.map}
          </H>
          <P>{t.home.mapLead}</P>
          {places.length > 0 && (
            <details>
              <summary>{t.home.mapTable}</summary>
              <PlaceTable caption={places.length > shown ? t.home.mapCaption : t.municipality.caption} groups={[{ places: places.slice(0, shown) }]} />
            </details>
          )}
          <p>
            <A to="/gemeenten">{t.home.allMunicipalities}</A>
          </p>
        </div>
        <Map places={places} />
      </section>
    </>
  )
}

function webSite({ site, t, language, href }: Where): object {
  return {
    '@context': 'https://schema.org',
    '@type': 'WebSite',
    name: t.frame.name,
    url: site.base + href('/'),
    inLanguage: language,
    description: t.home.lead,
    potentialAction: {
      '@type': 'SearchAction',
      target: { '@type': 'EntryPoint', urlTemplate: `${site.base}${href('/zoeken')}?q={search_term_string}` },
      'query-input': 'required name=search_term_string',
    },
  }
}
