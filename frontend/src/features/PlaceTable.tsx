import { getal } from '../taal'
import { names } from '../ui'
import { useWhere } from '../where'
import { html } from './html'
import type { Place } from './places'

/** Municipalities with their number of projects; groups can be jumped to by their id. */
export function PlaceTable({ caption, groups, captionHidden }: { caption: string; groups: { id?: string; places: Place[] }[]; captionHidden?: boolean }) {
  const { t, href, language } = useWhere()
  const row = ({ count, municipality: { code, name, population } }: Place) =>
    html`<tr><th scope="row"><a class="nl-link" href="${href(`/gemeenten/${code}`)}">${name}</a></th><td>${population === null ? '' : getal(population, language)}</td><td>${getal(count, language)}</td></tr>`
  return (
    <table class="plein-places">
      <caption class={names(captionHidden && 'plein-hidden')}>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{t.municipality.columnName}</th>
          <th scope="col">{t.municipality.columnPopulation}</th>
          <th scope="col">{t.municipality.columnProjects}</th>
        </tr>
      </thead>
      {groups.map(({ id, places }) => (
        <tbody key={id} id={id} dangerouslySetInnerHTML={{ __html: places.map(row).join('') }} />
      ))}
    </table>
  )
}
