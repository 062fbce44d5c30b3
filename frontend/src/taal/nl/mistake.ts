/** Reporting a mistake in a record. */
export const mistake = {
  title: 'Meld een fout',
  label: 'Wat klopt er niet?',
  hint: 'Wie deze beschrijving bijhoudt, leest dit. Schrijf geen namen of andere persoonlijke gegevens op. U krijgt geen antwoord.',
  send: 'Verstuur',
  thanks: 'Dank u wel voor uw melding',
  thanksText: 'Wie deze beschrijving bijhoudt, kan haar nu lezen.',
  failed: 'Uw melding is niet verstuurd',
  fault: {
    melding: 'Schrijf op wat er niet klopt, in ten hoogste 2.000 tekens.',
    'te-vaak': 'Vanaf uw netwerk is dit uur al vijf keer iets gemeld. Probeer het over een uur opnieuw.',
  } as Record<string, string>,
}
