import { A, H, P } from '../../ui'

export const title = 'Hulp bij Plein'
export const description = 'Zoeken, filters, embargo’s en bewaren: zo gebruikt u Plein.'

export function Text() {
  return (
    <>
      <H level={2}>Zoeken</H>
      <ul>
        <li>Typ gewone woorden, zoals u het aan een collega vraagt: <A to="/zoeken?q=klachten+over+kamerverhuur">klachten over kamerverhuur</A>.</li>
        <li>Plein zoekt ook naar andere vormen en woorden met dezelfde betekenis. Bij het resultaat staat waarmee het is gevonden.</li>
        <li>Zet woorden tussen “aanhalingstekens” als ze precies zo achter elkaar moeten staan.</li>
        <li>Zet een min voor een woord dat er niet in mag staan: <A to="/zoeken?q=kamers+-studenten">kamers -studenten</A>.</li>
        <li>Druk op de toets / om naar het zoekveld te gaan.</li>
      </ul>
      <H level={2}>Verfijnen</H>
      <P>
        Naast de resultaten kiest u bijvoorbeeld een thema, een gemeente of een methode. Kiest u in één lijst meer waarden,
        dan ziet u wat aan een van die waarden voldoet. Het adres van de pagina onthoudt uw keuzes: u kunt het bewaren of
        aan een collega sturen.
      </P>
      <H level={2}>Vergelijkbare projecten</H>
      <P>
        Onder een project staan projecten die erop lijken. Er staat bij waarom: dezelfde vraag, hetzelfde thema, een
        gemeente die ongeveer even groot is. Ook staat er wat anders is.
      </P>
      <H level={2}>Wat betekent de status van een project?</H>
      <dl class="plein-facts">
        <div><dt>Idee</dt><dd>Een vraag die een project kan worden.</dd></div>
        <div><dt>Vraag wordt scherp gemaakt</dt><dd>De gemeente en het CBS bespreken wat er precies nodig is.</dd></div>
        <div><dt>Loopt</dt><dd>Er wordt aan gewerkt.</dd></div>
        <div><dt>Ligt stil</dt><dd>Het werk wacht.</dd></div>
        <div><dt>Afgerond</dt><dd>De vraag is beantwoord.</dd></div>
        <div><dt>Gestopt</dt><dd>Het project eindigde zonder antwoord. De reden staat erbij: ook daar leert u van.</dd></div>
      </dl>
      <H level={2}>Wat is een embargo?</H>
      <P>
        Resultaten kunnen tot een bepaalde dag onder embargo staan, bijvoorbeeld omdat de gemeenteraad ze eerst krijgt. Op
        de pagina staat waarom en tot wanneer. Daarna verschijnen ze vanzelf. Een embargo stelt uit; het kan uitkomsten van
        het CBS nooit geheim houden.
      </P>
      <H level={2}>Wat is een kopie?</H>
      <P>
        Catalogi van verschillende gemeenten wisselen uit wat zij publiceren. Wat van een andere catalogus komt, heet hier
        een kopie. U vindt en leest die gewoon. Reageren of iets melden doet u bij de catalogus waar het vandaan komt: de
        link staat bovenaan. Daar staat ook wanneer we het daar voor het laatst hebben gezien.
      </P>
      <H level={2}>Bewaren en delen</H>
      <ul>
        <li>Bij elk project staat een vast adres en een kant-en-klare bronvermelding (“Citeer”).</li>
        <li>Elke zoekopdracht kunt u downloaden als CSV (voor Excel) of NDJSON (voor programma’s).</li>
        <li>Met een feed (Atom) ziet u in uw feedlezer wat er bij een zoekopdracht bij komt.</li>
        <li>Een project drukt u af als factsheet van één pagina.</li>
      </ul>
      <H level={2}>Komt u er niet uit?</H>
      <P>Bij een project staat bij wie u terechtkunt met vragen over de inhoud. Vragen over deze website stelt u aan de beheerder ervan.</P>
    </>
  )
}
