import type { PlacesFragment } from '../graphql/generated/graphql'

type Bucket = PlacesFragment['buckets'][number]

/** A municipality and how many projects are about it. */
export type Place = Bucket & { municipality: NonNullable<Bucket['municipality']> }

/** The municipalities with projects, those with the most first. */
export function placesOf(facets: PlacesFragment[]): Place[] {
  return facets.flatMap((f) => f.buckets.filter((b): b is Place => b.municipality !== null))
}

/** Municipalities in the order of the alphabet, by the letter that they are found under: ’s-Gravenhage under S, as CBS lists it. */
export function byLetter(places: Place[]): [letter: string, places: Place[]][] {
  const sorted = places.map((place): [key: string, place: Place] => [sortKey(place.municipality.name), place]).sort(([a], [b]) => (a < b ? -1 : 1))
  const groups: [string, Place[]][] = []
  for (const [key, place] of sorted) {
    const letter = key.charAt(0).toUpperCase()
    if (groups.length === 0 || groups[groups.length - 1][0] !== letter) groups.push([letter, []])
    groups[groups.length - 1][1].push(place)
  }
  return groups
}

// Without accents and signs: goja knows no locale to compare by.
function sortKey(name: string): string {
  return name
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z ]/g, '')
}
