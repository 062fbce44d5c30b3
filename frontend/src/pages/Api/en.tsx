import { A, H, P } from '../../ui'

export const title = 'API and open data'
export const description = 'Fetch what is public on Plein, with GraphQL, as a feed or as a file. With examples in curl, Python and R.'

export function Before() {
  return (
    <>
      <P lead>Everything that you see on Plein can also be fetched by a program. You need no account.</P>
      <P>
        The pages of Plein use the same GraphQL API. Send your query to <code>/graphql</code> on this website.{' '}
        <a class="nl-link" href="/graphql/schema.graphql">The schema</a> says what each field means.
      </P>
      <H level={2}>Examples</H>
      <P>These examples run as they stand.</P>
    </>
  )
}

export function After() {
  return (
    <>
      <H level={2}>Files and feeds</H>
      <ul>
        <li>
          <A to="/zoeken.csv">/zoeken.csv</A> and <A to="/zoeken.ndjson">/zoeken.ndjson</A>: everything as a table or as lines of JSON. With the parameters of the
          search page you get exactly that selection.
        </li>
        <li>
          <A to="/zoeken.atom">/zoeken.atom</A>: newest first, for a feed reader. It takes the parameters of the search page too.
        </li>
        <li>
          <code>/id/…</code>: the permanent address of a description. With <code>Accept: application/json</code> you get the document.
        </li>
        <li>
          <a class="nl-link" href="/thesaurus.ttl">/thesaurus.ttl</a> and <a class="nl-link" href="/thesaurus.jsonld">/thesaurus.jsonld</a>: the terms and their other names (SKOS).
        </li>
        <li>
          The query <code>changes</code> gives everything that changed, in order, also what was withdrawn. With it you keep a copy.
        </li>
      </ul>
      <H level={2}>Limits</H>
      <P>
        A query costs points: about one for each thing that you ask for. An internet address has 60,000 an hour. Each answer says
        how many are left (<code>RateLimit-Remaining</code>). One query costs at most 5,000 points. Ask lists with <code>first</code> (at
        most 100) and go on with <code>after</code>.
      </P>
    </>
  )
}
