import { A, H, P } from '../../ui'

export const title = 'Over Plein'
export const description = 'Plein is de gedeelde catalogus van Urban Data Centers: wat de ene gemeente uitzocht, vindt de andere terug.'

export function Text() {
  return (
    <>
      <P lead>Veel gemeenten zitten met dezelfde vragen. Op Plein vinden zij elkaars antwoorden.</P>
      <H level={2}>Wat is een Urban Data Center?</H>
      <P>
        In een Urban Data Center (UDC) werken een gemeente en het Centraal Bureau voor de Statistiek (CBS) samen aan
        dataprojecten. Bijvoorbeeld: wie heeft recht op een regeling en gebruikt die niet? Waar worden huizen opgedeeld in
        kamers? Wat betekent een nieuw verdeelmodel voor de scholen in de stad?
      </P>
      <P>Elke gemeente is anders. Daarom vult elke gemeente haar UDC op haar eigen manier in. De vragen lijken wel vaak op elkaar.</P>
      <H level={2}>Wat vindt u op Plein?</H>
      <ul>
        <li>
          <strong>Projecten</strong>: de vraag, de aanpak, de gebruikte data, de uitkomsten en wat de gemeente ermee deed.
        </li>
        <li>
          <strong>Werkwijzen</strong>: een beschrijving van de stappen, met wie wat doet en wat u per stap controleert.
        </li>
        <li>
          <strong>Lessen</strong>: wat UDC’s leerden, bij de stap waarin u er iets aan hebt.
        </li>
      </ul>
      <P>
        Begin met <A to="/zoeken">zoeken</A>, of kijk <A to="/gemeenten">per gemeente</A>.
      </P>
      <H level={2}>Wat is openbaar?</H>
      <P>
        Alles wat u zonder inloggen ziet, is openbaar. Soms staan de resultaten van een project nog onder embargo. Dan ziet
        u dat het project er is, waarom de resultaten wachten en tot wanneer. De resultaten zelf verschijnen vanzelf op dat
        moment. Uitkomsten die het CBS maakt worden altijd openbaar, ook als ze tegenvallen.
      </P>
      <H level={2}>Van wie zijn de teksten?</H>
      <P>
        Bij elke beschrijving staat welke organisatie haar schreef en onder welke licentie u haar mag gebruiken. Startinhoud
        is door de makers van Plein geschreven op basis van een openbare bron. Dat staat er dan bij, met een link naar de
        bron.
      </P>
      <H level={2}>Open software, open gegevens</H>
      <P>
        Plein is open source (EUPL-1.2). Alles wat openbaar is, kunt u ook <A to="/api">met een programma ophalen</A>. Wie
        wil, kan een eigen Plein draaien.
      </P>
    </>
  )
}
