import { Map } from '../../features/Map'
import { PlaceTable } from '../../features/PlaceTable'
import { byLetter, placesOf, type Place } from '../../features/places'
import { PageMunicipalitiesDocument, type PageMunicipalitiesQuery } from '../../graphql/generated/graphql'
import { page, type Where } from '../../page'
import type { Match } from '../../routes'
import { getal } from '../../taal'
import { A, Button, H, P } from '../../ui'

/** What the visitor looks for: the beginning of a name; empty shows the municipalities with projects. */
const wanted = ({ query }: Match) => (query.get('naam') ?? '').trim().slice(0, 100)

export default page({
  document: PageMunicipalitiesDocument,
  variables: (where) => ({ prefix: wanted(where), find: wanted(where) !== '' }),
  shows: (data, where) => {
    const places = placesOf(data.search.facets)
    const lead = places.length > 0 ? where.t.municipality.lead(getal(places.length, where.language)) : where.t.municipality.leadNone
    return {
      title: where.t.municipality.title,
      description: lead,
      hidden: wanted(where) !== '',
      body: (
        <div class="plein-wrap">
          <H level={1}>{where.t.municipality.title}</H>
          <P lead>{lead}</P>
          <Find where={where} />
          {data.municipalities ? <Found found={data.municipalities} places={places} where={where} /> : places.length > 0 && <Overview places={places} where={where} />}
        </div>
      ),
    }
  },
})

function Find({ where }: { where: Where }) {
  const { t, href } = where
  return (
    <form class="plein-search" action={href('/gemeenten')}>
      <label for="naam">{t.municipality.find}</label>
      <div class="plein-search__row">
        <input id="naam" type="search" name="naam" defaultValue={wanted(where)} aria-describedby="naam-uitleg" maxLength={100} autocomplete="off" spellcheck={false} />
        <Button type="submit" kind="secondary">
          {t.municipality.findButton}
        </Button>
      </div>
      <p id="naam-uitleg" class="plein-meta">
        {t.municipality.findHint}
      </p>
    </form>
  )
}

function Found({ found: { nodes, totalCount }, places, where }: { found: NonNullable<PageMunicipalitiesQuery['municipalities']>; places: Place[]; where: Where }) {
  const { t, language } = where
  const [one, more] = t.municipality.foundProjects
  const counts: Record<string, number> = Object.fromEntries(places.map((p) => [p.municipality.code, p.count]))
  return (
    <>
      <H level={2}>{t.municipality.found(wanted(where))}</H>
      {nodes.length === 0 && <P>{t.municipality.foundNone(wanted(where))}</P>}
      <ul class="plein-rows">
        {nodes.map(({ code, name, province }) => (
          <li key={code}>
            <A to={`/gemeenten/${code}`}>{name}</A>{' '}
            <span class="plein-meta">
              {province}
              {counts[code] > 0 && ` · ${getal(counts[code], language)} ${counts[code] === 1 ? one : more}`}
            </span>
          </li>
        ))}
      </ul>
      {totalCount > nodes.length && <P>{t.municipality.foundMore(getal(nodes.length, language), getal(totalCount, language))}</P>}
      <p>
        <A to="/gemeenten">{t.municipality.back}</A>
      </p>
    </>
  )
}

function Overview({ places, where: { t } }: { places: Place[]; where: Where }) {
  const groups = byLetter(places)
  return (
    <>
      <H level={2}>{t.municipality.withProjects}</H>
      <div class="plein-atlas">
        <Map places={places} />
        <div>
          {groups.length > 3 && (
            <nav aria-label={t.municipality.letters}>
              <ul class="plein-letters">
                {groups.map(([letter]) => (
                  <li key={letter}>
                    <a class="nl-link" href={`#${letter}`}>
                      {letter}
                    </a>
                  </li>
                ))}
              </ul>
            </nav>
          )}
          <PlaceTable caption={t.municipality.caption} captionHidden groups={groups.map(([id, places]) => ({ id, places }))} />
        </div>
      </div>
    </>
  )
}
