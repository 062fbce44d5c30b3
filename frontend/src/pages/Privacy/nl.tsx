import { H, P } from '../../ui'

export const title = 'Privacy en cookies'
export const description = 'Plein zet geen cookies en volgt niemand. Wat wel wordt bijgehouden, leest u hier.'

export function Text() {
  return (
    <>
      <P lead>Om te zoeken en te lezen hoeft u niets over uzelf te vertellen. Plein zet geen cookies en volgt u niet.</P>
      <H level={2}>Cookies</H>
      <P>
        Deze website zet geen cookies. U hoeft dus ook nergens toestemming voor te geven. De editor op de pagina API bewaart
        uw vragen in uw eigen browser; die komen niet bij ons.
      </P>
      <H level={2}>Wat de server bijhoudt</H>
      <ul>
        <li>Het logboek noemt per verzoek het soort pagina, het tijdstip en hoe lang het duurde. Er staan geen internetadressen en geen zoekwoorden in.</li>
        <li>Om overbelasting te voorkomen telt de server in zijn geheugen hoeveel een internetadres vraagt. Dat wordt nergens opgeslagen.</li>
        <li>Zoekt u iets dat er niet is, dan kan dat worden geteld, zodat UDC’s weten waar behoefte aan is. Wie zocht, wordt niet opgeslagen. Een zoekvraag is pas te lezen als drie verschillende adressen in dezelfde maand hetzelfde zochten. Zoekvragen die op een e-mailadres, telefoonnummer of burgerservicenummer lijken, tellen niet mee.</li>
      </ul>
      <H level={2}>Namen van mensen</H>
      <P>In de beschrijvingen staan functies, geen namen van mensen. Staat er toch een naam in die er niet hoort? Meld het bij de uitgever van de beschrijving of bij de beheerder van deze website.</P>
      <H level={2}>Anderen</H>
      <P>De pagina’s laden niets van andere websites: geen lettertypen, geen kaarten, geen statistieken.</P>
    </>
  )
}
