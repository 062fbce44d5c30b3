import type { Texts } from '..'

export const frame: Texts['frame'] = {
  name: 'Plein',
  demoName: 'Plein (example)',
  tagline: 'Municipalities learn from each other’s data projects',
  skip: 'Skip to content',
  demo: 'This is an example. All UDCs, projects, lessons and figures on this website are invented.',
  mainMenu: 'Main menu',
  footerMenu: 'About this website',
  menu: [
    ['/zoeken', 'Search'],
    ['/sjablonen', 'Ways of working'],
    ['/lessen', 'Lessons'],
    ['/udc', 'UDCs'],
    ['/gemeenten', 'Municipalities'],
  ],
  footer: [
    ['/over', 'About Plein'],
    ['/help', 'Help'],
    ['/toegankelijkheid', 'Accessibility'],
    ['/privacy', 'Privacy and cookies'],
    ['/api', 'API and open data'],
  ],
  mine: 'My Plein',
  otherLanguage: 'Nederlands',
  otherLanguageLong: 'Deze pagina in het Nederlands',
  search: 'Search',
  searchLabel: 'Search all descriptions',
  searchPlaceholder: 'For example: who does not use the scheme?',
  about: 'Plein is the shared catalogue of Urban Data Centers. What one municipality found out with Statistics Netherlands (CBS), another finds here.',
  license: 'Texts may be reused under the licence that each description names, mostly CC BY 4.0.',
  suggestions: 'Titles like this',
  suggested: (n) => (n === 1 ? '1 suggestion. Choose with the arrow keys.' : `${n} suggestions. Choose with the arrow keys.`),
  breadcrumbs: 'Breadcrumbs',
}

export const fault: Texts['fault'] = {
  notFound: { title: 'This page does not exist', text: 'There is nothing at this address, or it is not public. Check the address, or search for what you need.' },
  badLink: { title: 'This link no longer works', text: 'The search in this link cannot be used (any more). Please search again.' },
  unavailable: { title: 'This is not possible right now', text: 'We cannot show this page right now. Please try again in a minute.' },
  gone: {
    title: (title: string) => (title ? `Withdrawn: ${title}` : 'This description was withdrawn'),
    on: (day: string) => `The publisher withdrew this description on ${day}.`,
    reason: 'Reason',
    text: 'It can therefore no longer be read.',
  },
  home: 'To the start',
  search: 'Search all descriptions',
}

export const kind: Texts['kind'] = {
  Project: 'Project',
  ProcessTemplate: 'Way of working',
  ProcessTemplateVersion: 'Version of a way of working',
  Lesson: 'Lesson',
  OtherRecord: 'Other contribution',
}

export const phase: Texts['phase'] = {
  IDEA: 'Idea',
  INTAKE: 'Question being sharpened',
  RUNNING: 'Running',
  ON_HOLD: 'On hold',
  DONE: 'Finished',
  STOPPED: 'Stopped',
}

export const provenance: Texts['provenance'] = {
  STARTER: 'Starter content',
  REGISTER: 'From a public register',
  DEMO: 'Invented example',
}

export const lessonKind: Texts['lessonKind'] = { DO: 'Do', AVOID: 'Avoid', OBSERVATION: 'Know' }

export const sizeClass: Texts['sizeClass'] = {
  LT_5K: 'fewer than 5,000 inhabitants',
  K5_10: '5,000 to 10,000 inhabitants',
  K10_20: '10,000 to 20,000 inhabitants',
  K20_50: '20,000 to 50,000 inhabitants',
  K50_100: '50,000 to 100,000 inhabitants',
  K100_150: '100,000 to 150,000 inhabitants',
  K150_250: '150,000 to 250,000 inhabitants',
  GE_250K: '250,000 inhabitants or more',
}

export const urbanity: Texts['urbanity'] = ['', 'very strongly urban', 'strongly urban', 'moderately urban', 'hardly urban', 'not urban']

export const origin: Texts['origin'] = {
  STARTER: 'Plein’s makers wrote this down from a public source. These are not the organisation’s own words. The source is at the bottom of this page.',
  REGISTER: 'These facts come from a public register. The organisation did not write them down here itself, and there may be more to tell.',
  DEMO: 'This is invented, to show what Plein can do. The organisation and the figures do not exist.',
}

export const copy: Texts['copy'] = {
  of: (name: string) => `Copy from ${name}`,
  seen: (day: string) => ` · last seen on ${day}`,
  asleep: (name: string) => `Asleep: nothing was heard of ${name} for 30 days. Something may have changed there.`,
  act: (name: string) => `View or respond at ${name}`,
}

export const published: Texts['published'] = {
  title: 'About this description',
  published: 'Published on',
  updated: 'Updated on',
  version: 'Version of the text',
  license: 'Licence',
  address: 'Permanent address',
  sources: (n: number) => (n === 1 ? 'Source' : 'Sources'),
  cite: 'Cite this description',
  versionInCitation: (n: number) => `version ${n}`,
  copy: 'Copy',
  copied: 'Copied',
  notCopied: 'Copying does not work here. Select the text and copy it yourself.',
}
