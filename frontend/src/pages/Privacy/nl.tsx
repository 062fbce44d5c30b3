import { A, H, P } from '../../ui'

export const title = 'Privacy en cookies'
export const description = 'Wie zoekt en leest, krijgt geen cookies en wordt niet gevolgd. Wat wel wordt bijgehouden, leest u hier.'

export function Text() {
  return (
    <>
      <P lead>Om te zoeken en te lezen hoeft u niets over uzelf te vertellen. Plein zet dan geen cookies en volgt u niet.</P>
      <H level={2}>Cookies</H>
      <P>
        Alleen wie inlogt, krijgt cookies: een met een geheim waaraan de server u herkent, en een die de pagina’s vertelt dat
        u bent ingelogd. Zonder die cookies kan inloggen niet; daarom hoeft u er geen toestemming voor te geven. Ze werken
        ten hoogste een dag, en verdwijnen als u uitlogt. De editor op de pagina API bewaart
        uw vragen in uw eigen browser; die komen niet bij ons.
      </P>
      <H level={2}>Wat de server bijhoudt</H>
      <ul>
        <li>Het logboek noemt per verzoek het soort pagina, het tijdstip en hoe lang het duurde. Er staan geen internetadressen en geen zoekwoorden in.</li>
        <li>Om overbelasting te voorkomen telt de server in zijn geheugen hoeveel een internetadres vraagt. Dat wordt nergens opgeslagen.</li>
        <li>Zoekt u iets dat er niet is, dan kan dat worden geteld, zodat UDC’s weten waar behoefte aan is. Wie zocht, wordt niet opgeslagen. Een zoekvraag is pas te lezen als drie verschillende adressen in dezelfde maand hetzelfde zochten. Zoekvragen die op een e-mailadres, telefoonnummer of burgerservicenummer lijken, tellen niet mee.</li>
      </ul>
      <H level={2}>Wat over u wordt bewaard als u een account hebt</H>
      <ul>
        <li>Uw naam, uw e-mailadres en uw rollen in organisaties. Collega’s zien uw naam; bezoekers niet.</li>
        <li>Een bewerking van uw wachtwoord, waaruit het wachtwoord niet is terug te halen.</li>
        <li>Wanneer u inlogde, en een onleesbaar kenmerk van de netwerken waarvan u dat deed.</li>
        <li>Wat u met beschrijvingen deed. Dat staat in het logboek van uw organisatie.</li>
      </ul>
      <P>
        Op <A to="/mijn/account">uw account</A> downloadt u dit alles, en kunt u uw account wissen. In het logboek staat dan
        niet meer wie iets deed.
      </P>
      <H level={2}>Als u een fout meldt</H>
      <P>Wie de beschrijving bijhoudt, leest uw melding. Bent u ingelogd, dan staat uw naam erbij. Anders wordt niet bewaard wie u bent.</P>
      <H level={2}>Namen van mensen</H>
      <P>In de beschrijvingen staan functies, geen namen van mensen. Staat er toch een naam in die er niet hoort? Kies “Meld een fout” onder de beschrijving.</P>
      <H level={2}>Anderen</H>
      <P>De pagina’s laden niets van andere websites: geen lettertypen, geen kaarten, geen statistieken.</P>
    </>
  )
}
