import { getal } from '../taal'
import { useWhere } from '../where'
import { html } from './html'
import type { Place } from './places'

// The ground is /kaart.svg, which internal/web/map.go draws by the same formula: change both together.
const width = 280
const height = 320
const xOf = (longitude: number) => tenth((longitude - 3.13) * 64.36)
const yOf = (latitude: number) => tenth((53.67 - latitude) * 105)

/** The surface grows with the number; a few projects stay visible, and very many do not hide the neighbours. */
const radiusOf = (count: number) => tenth(Math.min(12, 2 + 1.1 * Math.sqrt(count)))

const tenth = (n: number) => Math.round(n * 10) / 10

/**
 * The country in dots: every municipality, and above them a larger one for each that has projects. Its links are for the
 * pointer alone: who uses a keyboard or hears the page gets them from the table that has to stand beside it.
 */
export function Map({ places }: { places: Place[] }) {
  const { t, href, language } = useWhere()
  const dots = places.map(({ count, municipality: { code, name, location } }) =>
    location
      ? html`<a href="${href(`/gemeenten/${code}`)}" tabindex="-1"><circle cx="${xOf(location.longitude)}" cy="${yOf(location.latitude)}" r="${radiusOf(count)}"/><title>${name}: ${getal(count, language)}</title></a>`
      : '',
  )
  return (
    <figure class="plein-map">
      <div>
        <img src="/kaart.svg" alt={t.municipality.mapAlt} width={width} height={height} />
        <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true" focusable="false" dangerouslySetInnerHTML={{ __html: dots.join('') }} />
      </div>
      <figcaption>{t.municipality.mapLegend}</figcaption>
    </figure>
  )
}
