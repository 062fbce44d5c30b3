import { A, H, P } from '../../ui'

export const title = 'API en open data'
export const description = 'Haal op wat openbaar is op Plein, met GraphQL, als feed of als bestand. Met voorbeelden in curl, Python en R.'

export function Before() {
  return (
    <>
      <P lead>Alles wat u op Plein ziet, kunt u ook met een programma ophalen. U hebt geen account nodig.</P>
      <P>
        De pagina’s van Plein gebruiken dezelfde GraphQL-API. Stuur uw vraag naar <code>/graphql</code> op deze website. In{' '}
        <a class="nl-link" href="/graphql/schema.graphql">het schema</a> staat bij elk veld wat het betekent.
      </P>
      <H level={2}>Voorbeelden</H>
      <P>Deze voorbeelden werken zoals ze er staan.</P>
    </>
  )
}

export function After() {
  return (
    <>
      <H level={2}>Bestanden en feeds</H>
      <ul>
        <li>
          <A to="/zoeken.csv">/zoeken.csv</A> en <A to="/zoeken.ndjson">/zoeken.ndjson</A>: alles als tabel of als JSON-regels. Met dezelfde parameters als de
          zoekpagina krijgt u precies die selectie.
        </li>
        <li>
          <A to="/zoeken.atom">/zoeken.atom</A>: de nieuwste eerst, voor een feedlezer. Ook met de parameters van de zoekpagina.
        </li>
        <li>
          <code>/id/…</code>: het vaste adres van een beschrijving. Met <code>Accept: application/json</code> krijgt u het document.
        </li>
        <li>
          <a class="nl-link" href="/thesaurus.ttl">/thesaurus.ttl</a> en <a class="nl-link" href="/thesaurus.jsonld">/thesaurus.jsonld</a>: de begrippen en hun andere namen (SKOS).
        </li>
        <li>
          De vraag <code>changes</code> geeft alles wat veranderde, op volgorde, ook wat is ingetrokken. Zo houdt u een kopie bij.
        </li>
      </ul>
      <H level={2}>Grenzen</H>
      <P>
        Een vraag kost punten: ongeveer één voor elk ding dat u opvraagt. Per internetadres zijn dat er 60.000 per uur. Hoeveel
        u nog hebt, staat bij elk antwoord (<code>RateLimit-Remaining</code>). Eén vraag kost hooguit 5.000 punten. Vraag lijsten
        op met <code>first</code> (hooguit 100) en ga verder met <code>after</code>.
      </P>
    </>
  )
}
