export const frame = {
  name: 'Plein',
  demoName: 'Plein (voorbeeld)',
  tagline: 'Gemeenten leren van elkaars dataprojecten',
  skip: 'Direct naar de inhoud',
  demo: 'Dit is een voorbeeld. Alle UDC’s, projecten, lessen en cijfers op deze website zijn verzonnen.',
  mainMenu: 'Hoofdmenu',
  footerMenu: 'Over deze website',
  menu: [
    ['/zoeken', 'Zoeken'],
    ['/sjablonen', 'Werkwijzen'],
    ['/lessen', 'Lessen'],
    ['/udc', 'UDC’s'],
    ['/gemeenten', 'Gemeenten'],
  ],
  footer: [
    ['/over', 'Over Plein'],
    ['/help', 'Hulp'],
    ['/toegankelijkheid', 'Toegankelijkheid'],
    ['/privacy', 'Privacy en cookies'],
    ['/api', 'API en open data'],
  ],
  mine: 'Mijn Plein',
  otherLanguage: 'English',
  otherLanguageLong: 'This page in English',
  search: 'Zoeken',
  searchLabel: 'Zoek in alle beschrijvingen',
  searchPlaceholder: 'Bijvoorbeeld: wie gebruikt de regeling niet?',
  about: 'Plein is de gedeelde catalogus van Urban Data Centers. Wat de ene gemeente met het CBS uitzocht, vindt de andere hier terug.',
  license: 'Teksten mogen worden hergebruikt onder de licentie die bij elke beschrijving staat, meestal CC BY 4.0.',
  suggestions: 'Titels die hierop lijken',
  suggested: (n: number) => (n === 1 ? '1 suggestie. Kies met de pijltjestoetsen.' : `${n} suggesties. Kies met de pijltjestoetsen.`),
  breadcrumbs: 'Kruimelpad',
}

export const fault = {
  notFound: { title: 'Deze pagina is er niet', text: 'Er is niets op dit adres, of het is niet openbaar. Controleer het adres, of zoek wat u nodig hebt.' },
  badLink: { title: 'Deze link klopt niet meer', text: 'De zoekopdracht in deze link is niet (meer) te gebruiken. Zoek opnieuw.' },
  unavailable: { title: 'Dit lukt nu niet', text: 'We kunnen deze pagina nu niet tonen. Probeer het over een minuut opnieuw.' },
  gone: {
    title: (title: string) => (title ? `Ingetrokken: ${title}` : 'Deze beschrijving is ingetrokken'),
    on: (day: string) => `De uitgever heeft deze beschrijving op ${day} ingetrokken.`,
    reason: 'Reden',
    text: 'De inhoud is daarom niet meer te lezen.',
  },
  home: 'Naar het begin',
  search: 'Zoek in alle beschrijvingen',
}

export const kind = {
  Project: 'Project',
  ProcessTemplate: 'Werkwijze',
  ProcessTemplateVersion: 'Versie van een werkwijze',
  Lesson: 'Les',
  OtherRecord: 'Andere bijdrage',
}

export const phase = {
  IDEA: 'Idee',
  INTAKE: 'Vraag wordt scherp gemaakt',
  RUNNING: 'Loopt',
  ON_HOLD: 'Ligt stil',
  DONE: 'Afgerond',
  STOPPED: 'Gestopt',
}

export const provenance = {
  STARTER: 'Startinhoud',
  REGISTER: 'Uit een openbaar register',
  DEMO: 'Verzonnen voorbeeld',
}

export const lessonKind = { DO: 'Doen', AVOID: 'Vermijden', OBSERVATION: 'Weten' }

/** Classes of municipalities by inhabitants. */
export const sizeClass = {
  LT_5K: 'minder dan 5.000 inwoners',
  K5_10: '5.000 tot 10.000 inwoners',
  K10_20: '10.000 tot 20.000 inwoners',
  K20_50: '20.000 tot 50.000 inwoners',
  K50_100: '50.000 tot 100.000 inwoners',
  K100_150: '100.000 tot 150.000 inwoners',
  K150_250: '150.000 tot 250.000 inwoners',
  GE_250K: '250.000 inwoners of meer',
}

/** CBS classes of urbanity, 1 to 5. */
export const urbanity = ['', 'zeer sterk stedelijk', 'sterk stedelijk', 'matig stedelijk', 'weinig stedelijk', 'niet stedelijk']

/** Whose words a record holds, where they are not the publisher's own. */
export const origin = {
  STARTER: 'De makers van Plein schreven dit op uit een openbare bron. Het zijn niet de woorden van de organisatie zelf. De bron staat onder aan deze pagina.',
  REGISTER: 'Deze gegevens komen uit een openbaar register. De organisatie heeft ze hier niet zelf opgeschreven, en misschien is er meer te vertellen.',
  DEMO: 'Dit is verzonnen, om te laten zien wat Plein kan. De organisatie en de cijfers bestaan niet.',
}

/** What lives on another node. */
export const copy = {
  of: (name: string) => `Kopie van ${name}`,
  seen: (day: string) => ` · laatst gezien op ${day}`,
  asleep: (name: string) => `Slapend: van ${name} is al 30 dagen niets gehoord. Misschien is er daar iets veranderd.`,
  act: (name: string) => `Bekijk of reageer bij ${name}`,
}

/** The facts of a record's publication. */
export const published = {
  title: 'Over deze beschrijving',
  published: 'Geplaatst op',
  updated: 'Bijgewerkt op',
  version: 'Versie van de tekst',
  license: 'Licentie',
  address: 'Vast adres',
  sources: (n: number): string => (n === 1 ? 'Bron' : 'Bronnen'),
  cite: 'Citeer deze beschrijving',
  versionInCitation: (n: number): string => `versie ${n}`,
  copy: 'Kopieer',
  copied: 'Gekopieerd',
  notCopied: 'Kopiëren lukt hier niet. Selecteer de tekst en kopieer die zelf.',
}
