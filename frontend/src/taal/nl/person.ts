/** What every page of people with an account says. */
export const person = {
  label: 'Uw account',
  signOut: 'Uitloggen',
  state: {
    DRAFT: 'Werkversie',
    IN_REVIEW: 'Ter beoordeling',
    CHANGES_REQUESTED: 'Aanpassen',
    PUBLISHED: 'Openbaar',
    ARCHIVED: 'Niet meer bijgehouden',
    WITHDRAWN: 'Ingetrokken',
  },
  role: { MEMBER: 'lid', AUTHOR: 'auteur', COORDINATOR: 'coördinator', ORG_ADMIN: 'beheerder' },
  record: {
    label: 'Deze beschrijving bijhouden',
    edit: 'Bewerken',
    review: 'Beoordelen',
    embargo: 'Embargo',
    share: 'Laten meelezen',
    history: 'Geschiedenis',
    community: 'Alleen mensen met een account op deze website lezen dit.',
    withdraw: 'Archiveren of intrekken',
  },
  waiting: {
    title: 'Een ogenblik',
    text: 'De pagina wordt opgebouwd.',
    noscript: 'Dit deel van Plein heeft JavaScript nodig',
    noscriptText: 'Schakel JavaScript in om met uw eigen projecten te werken. Zoeken en lezen kan op Plein ook zonder.',
  },
  failed: {
    title: 'Dit is niet bewaard',
    signedOut: 'U bent niet meer ingelogd. Laat deze pagina open, log in en probeer het hier daarna opnieuw. Wat u hier invulde, blijft staan.',
    signIn: 'Inloggen in een nieuw tabblad',
    forbidden: 'U mag dit niet doen. Misschien is uw rol veranderd. Vraag het aan wie uw organisatie beheert.',
    tooOften: 'U deed dit te vaak achter elkaar. Wacht even en probeer het opnieuw. Wat u invulde, blijft staan.',
    unavailable: 'Plein is nu niet te bereiken. Controleer uw verbinding en probeer het opnieuw. Wat u invulde, blijft staan.',
    stale: 'Iemand anders wijzigde dit intussen. Hieronder staat hoe het nu is. Lees het opnieuw voordat u beslist.',
  },
}
