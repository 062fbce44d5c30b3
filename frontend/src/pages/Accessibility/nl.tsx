import { H, P } from '../../ui'

export const title = 'Toegankelijkheid'
export const description = 'Wat is gedaan om Plein voor iedereen bruikbaar te maken, wat is getest en wat nog niet.'

export function Text() {
  return (
    <>
      <P lead>Iedereen moet Plein kunnen gebruiken. We werken volgens WCAG 2.2, niveau A en AA.</P>
      <P>
        Dit is de verklaring bij de software. Wie Plein aanbiedt, publiceert daarnaast een eigen verklaring in het
        Register van toegankelijkheidsverklaringen.
      </P>
      <H level={2}>Wat is getest</H>
      <P>Bij elke wijziging draaien deze controles in een echte browser (Chromium):</P>
      <ul>
        <li>automatische controles met axe op alle soorten pagina’s, in het Nederlands en het Engels, op een breed en een smal scherm, met en zonder JavaScript;</li>
        <li>zoeken en een project lezen met alleen het toetsenbord;</li>
        <li>een scherm van 360 pixels breed, en 400 procent vergroting: u hoeft niet opzij te schuiven;</li>
        <li>de kleuren van het besturingssysteem (hoog contrast): knoppen en velden blijven zichtbaar;</li>
        <li>lezen, zoeken, bladeren en inloggen zonder JavaScript;</li>
        <li>een project schrijven en indienen met alleen het toetsenbord, en axe op alle pagina’s voor wie is ingelogd.</li>
      </ul>
      <H level={2}>Wat nog niet is getest</H>
      <ul>
        <li>Er is nog geen onderzoek door een onafhankelijk bureau gedaan.</li>
        <li>De pagina’s zijn nog niet beproefd met mensen die een schermlezer, spraakbesturing of vergroting gebruiken.</li>
        <li>Andere browsers dan Chromium zijn niet automatisch getest.</li>
        <li>De pagina’s voor wie is ingelogd, zijn niet stuk voor stuk bekeken met 400 procent vergroting en hoog contrast.</li>
      </ul>
      <H level={2}>Wat nog niet goed genoeg is</H>
      <ul>
        <li>De editor voor GraphQL op de pagina API is software van anderen. Hij is in het Engels en niet overal goed te bedienen met een schermlezer. Alles wat u ermee kunt, kan ook met de voorbeelden op die pagina.</li>
        <li>De pagina’s voor wie is ingelogd, werken alleen met JavaScript.</li>
        <li>Bestanden die organisaties toevoegen, controleren we niet op toegankelijkheid.</li>
        <li>Documenten waar een beschrijving naar verwijst, staan op websites van anderen. Daar hebben we geen invloed op.</li>
      </ul>
      <H level={2}>Loopt u ergens tegenaan?</H>
      <P>Meld het bij de beheerder van deze website. Noem de pagina, wat u wilde doen en welk hulpmiddel u gebruikt.</P>
    </>
  )
}
