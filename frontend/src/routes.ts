/** An address and what is there: a page by the name of its folder in pages/, or another address. */
export interface Route {
  /** Short and fixed: what log and metrics call it. */
  name: string
  /** Path in Dutch, with `:name` for a part that varies. English pages have /en before it. */
  path: string
  /** Folder of the page in pages/. */
  page: string
  /** Moved for good; keeps nothing of the query string. */
  to?: string
  /** A page that is only read: the browser has nothing to do there, and gets no data for it. */
  still?: true
  /** For people with an account: made in the browser, which asks with the cookie of who signed in. */
  signedIn?: true
  /** Its query says no more than which section is shown: going to another one asks nothing anew. */
  sections?: true
  /** Files in taal/ with the words that the page needs besides those of every page. */
  words?: string[]
}

/** The only list of addresses. */
export const routes: Route[] = [
  { name: 'home', path: '/', page: 'Home', still: true, words: ['home', 'municipality'] },
  { name: 'search', path: '/zoeken', page: 'Search', words: ['search'] },
  { name: 'projects', path: '/projecten', page: '', to: '/zoeken?soort=PROJECT' },
  { name: 'project', path: '/projecten/:publisher/:slug', page: 'Project', words: ['project', 'mistake'] },
  { name: 'templates', path: '/sjablonen', page: 'Templates', words: ['template'] },
  { name: 'template', path: '/sjablonen/:publisher/:slug', page: 'Template', words: ['template', 'mistake'] },
  { name: 'version', path: '/sjablonen/:publisher/:slug/:number', page: 'Version', words: ['template'] },
  { name: 'lessons', path: '/lessen', page: 'Lessons', words: ['lesson'] },
  { name: 'lesson', path: '/lessen/:publisher/:slug', page: 'Lesson', words: ['lesson', 'mistake'] },
  { name: 'other', path: '/overig/:publisher/:slug', page: 'Other', words: ['other'] },
  { name: 'organizations', path: '/udc', page: 'Organizations', still: true, words: ['organization'] },
  { name: 'organization', path: '/udc/:slug', page: 'Organization', still: true, words: ['organization'] },
  { name: 'municipalities', path: '/gemeenten', page: 'Municipalities', still: true, words: ['municipality'] },
  { name: 'municipality', path: '/gemeenten/:code', page: 'Municipality', still: true, words: ['municipality'] },
  { name: 'about', path: '/over', page: 'About', still: true },
  { name: 'accessibility', path: '/toegankelijkheid', page: 'Accessibility', still: true },
  { name: 'privacy', path: '/privacy', page: 'Privacy', still: true },
  { name: 'help', path: '/help', page: 'Help', still: true },
  { name: 'api', path: '/api', page: 'Api', words: ['api'] },
  { name: 'signIn', path: '/inloggen', page: 'SignIn', words: ['account'] },
  { name: 'forgotten', path: '/wachtwoord-vergeten', page: 'Forgotten', still: true, words: ['account'] },
  { name: 'access', path: '/toegang/:secret', page: 'Access', words: ['account'] },
  { name: 'mine', path: '/mijn', page: 'Mine', signedIn: true, words: ['mine'] },
  { name: 'account', path: '/mijn/account', page: 'Account', signedIn: true, words: ['account'] },
  { name: 'new', path: '/publiceren/nieuw', page: 'New', signedIn: true, words: ['authoring'] },
  { name: 'edit', path: '/publiceren/:id', page: 'Edit', signedIn: true, sections: true, words: ['authoring'] },
  { name: 'preview', path: '/publiceren/:id/voorbeeld', page: 'Preview', signedIn: true, words: ['publishing', 'authoring', 'history', 'project', 'template', 'lesson'] },
  { name: 'review', path: '/publiceren/:id/beoordelen', page: 'Review', signedIn: true, words: ['publishing', 'authoring', 'history', 'project', 'template', 'lesson'] },
  { name: 'embargo', path: '/publiceren/:id/embargo', page: 'Embargo', signedIn: true, words: ['embargo', 'account'] },
  { name: 'repeat', path: '/publiceren/:id/herhalen', page: 'Repeat', signedIn: true, words: ['reuse', 'account'] },
  { name: 'reuses', path: '/publiceren/:id/herhaald', page: 'Reuses', signedIn: true, words: ['reuse', 'account'] },
  { name: 'history', path: '/publiceren/:id/geschiedenis', page: 'History', signedIn: true, words: ['history'] },
  { name: 'share', path: '/publiceren/:id/delen', page: 'Share', signedIn: true, words: ['publishing'] },
  { name: 'withdraw', path: '/publiceren/:id/intrekken', page: 'Withdraw', signedIn: true, words: ['withdrawal', 'account'] },
  { name: 'shared', path: '/meelezen/:secret', page: 'Shared', words: ['publishing', 'project', 'template', 'lesson'] },
  { name: 'manage', path: '/beheer', page: 'Manage', signedIn: true, words: ['manage'] },
  { name: 'node', path: '/beheer/node', page: 'Node', signedIn: true, words: ['node', 'manage', 'history', 'account', 'organization', 'authoring', 'members'] },
  { name: 'network', path: '/beheer/netwerk', page: 'Network', signedIn: true, words: ['network', 'manage', 'account'] },
  { name: 'members', path: '/beheer/:organization/leden', page: 'Members', signedIn: true, words: ['members', 'manage', 'account'] },
  { name: 'tokens', path: '/beheer/:organization/tokens', page: 'Tokens', signedIn: true, words: ['manage', 'account'] },
  { name: 'profile', path: '/beheer/:organization/profiel', page: 'Profile', signedIn: true, words: ['profile', 'manage', 'account', 'authoring'] },
  { name: 'duties', path: '/beheer/:organization/termijnen', page: 'Duties', signedIn: true, words: ['manage'] },
  { name: 'log', path: '/beheer/:organization/logboek', page: 'Log', signedIn: true, words: ['manage', 'history'] },
  { name: 'import', path: '/beheer/:organization/importeren', page: 'Import', signedIn: true, words: ['sheet', 'manage'] },
]

const notFound: Route = { name: 'notFound', path: '', page: 'NotFound', still: true }

export type Language = 'nl' | 'en'

/** What an address means. */
export interface Match {
  route: Route
  language: Language
  /** Path without the language, such as /zoeken. */
  path: string
  params: Record<string, string>
  query: URLSearchParams
}

/** Reads an address: path and query string. One that cannot be read is not found. */
export function match(url: string): Match {
  const mark = url.indexOf('?')
  const whole = mark < 0 ? url : url.slice(0, mark)
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1))
  const english = whole === '/en' || whole.startsWith('/en/')
  const path = english ? whole.slice(3) || '/' : whole
  const language: Language = english ? 'en' : 'nl'
  const parts = path.split('/')
  for (const route of routes) {
    const params = fits(route.path.split('/'), parts)
    if (params) return { route, language, path, params, query }
  }
  return { route: notFound, language, path, params: {}, query }
}

function fits(pattern: string[], parts: string[]): Record<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined
  const params: Record<string, string> = {}
  for (let i = 0; i < pattern.length; i++) {
    if (!pattern[i].startsWith(':')) {
      if (pattern[i] !== parts[i]) return undefined
      continue
    }
    try {
      params[pattern[i].slice(1)] = decodeURIComponent(parts[i])
    } catch {
      return undefined
    }
    if (!parts[i]) return undefined
  }
  return params
}
