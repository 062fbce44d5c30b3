import { addressOf, narrowings, readSearch, variablesOf, type Search } from '../../features/searching'
import { PageSearchDocument, type Facet } from '../../graphql/generated/graphql'
import { page } from '../../page'
import { Finding } from './Finding'

/** How many results a page has: a list of all municipalities takes the place of some. */
const pageSize = (search: Search) => (search.everyPlace ? 10 : 15)

/** How many values of a facet there are to choose from, and how many municipalities where all are asked for. */
const facetSize = 10
const everyPlace = 400

export default page({
  document: PageSearchDocument,
  variables: ({ query }) => {
    const search = readSearch(query)
    return {
      ...variablesOf(search),
      grouped: !search.apart,
      facets: facetsOf(search),
      facetSize: search.everyPlace ? everyPlace : facetSize,
      first: pageSize(search),
      after: search.after || null,
    }
  },
  shows: (data, { t, query }) => {
    const search = readSearch(query)
    const address = addressOf(search)
    return {
      title: search.words ? t.search.titleFor(search.words) : t.search.title,
      description: t.search.description,
      hidden: address !== '/zoeken',
      feed: addressOf({ ...search, order: '', apart: false, everyPlace: false, after: '' }, '/zoeken.atom'),
      body: <Finding search={search} found={data.search} pageSize={pageSize(search)} />,
    }
  },
})

/** What the results are counted by: some come by a link from elsewhere and need no counts before they are chosen. */
function facetsOf(search: Search): Facet[] {
  const out: Facet[] = []
  for (const { name, facet, onlyChosen } of narrowings) if (facet && (!onlyChosen || search.chosen[name])) out.push(facet)
  return out
}
