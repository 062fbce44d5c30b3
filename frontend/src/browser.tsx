import { hydrate, render } from 'preact'
import { App, viewerOf, viewOf, whereIs } from './app'
import { ask, askAsPerson, isSignedOut } from './graphql/ask'
import { documentTitle } from './head'
import { asks, type Page, type Result, type Site } from './page'
import { match, type Language } from './routes'
import './style/main.css'
import type { Texts } from './taal'
import { WhereProvider } from './where'

const pages = import.meta.glob<Page>('./pages/*/page.tsx', { import: 'default' })

const catalogue = import.meta.glob<Partial<Texts>>(['./taal/{nl,en}/*.ts', '!./taal/*/index.ts'])

/** The words of every page and those of this one. */
async function wordsOf(language: Language, own: string[] = []): Promise<Texts> {
  const files = ['frame', ...own].map((name) => catalogue[`./taal/${language}/${name}.ts`]())
  return Object.assign({}, ...(await Promise.all(files))) as Texts
}

const app = document.getElementById('app')!
const given = read()

/** What came with the page; Vite's own server sends nothing along. */
function read(): { site: Site; results: Result[] | null } {
  const text = document.getElementById('data')?.textContent
  return text ? JSON.parse(text) : { site: { base: location.origin, demo: false }, results: null }
}

/** The visit that is under way: a later one ends it. */
let underway: AbortController | undefined

/** What a page with sections asked, for its other sections. */
let kept: { at: string; answers: Result[] } | undefined

/** Shows what is at an address. Answers that came with the page are not asked for again. */
async function show(url: string, results: Result[] | null): Promise<void> {
  underway?.abort()
  const visit = (underway = new AbortController())
  const found = match(url)
  const { signedIn, sections, words } = found.route
  const [page, t, personal] = await Promise.all([
    pages[`./pages/${found.route.page}/page.tsx`](),
    wordsOf(found.language, signedIn ? ['person', ...(words ?? [])] : words),
    signedIn && import('./features/Person'),
  ])
  const where = whereIs(url, given.site, t, go)
  const asked = (by: typeof ask) => Promise.all(asks(page, found).map((a) => by(a.hash, a.variables, found.language, visit.signal)))
  const at = url.split('?')[0]
  const again = sections && kept?.at === at ? kept.answers : null
  let answers = results ?? again ?? (await asked(signedIn ? askAsPerson : ask))
  if (sections) kept = { at, answers }
  if (signedIn && isSignedOut(answers[0])) return location.replace(where.href('/inloggen') + '?volgende=' + encodeURIComponent(url))
  let view = viewOf(page, answers, where)
  let isShown = results !== null
  if (view.status === 404 && hasAccount() && !signedIn) {
    // What is for members alone is not there when a stranger asks.
    answers = await asked(askAsPerson)
    view = viewOf(page, answers, where)
    isShown = false
  }
  if (visit.signal.aborted) return
  if (view.location) return location.replace(where.href(view.location))
  const person = viewerOf(answers[0])
  const band = personal && person && <personal.Person person={person} />
  const whole = (
    <App where={where} band={band}>
      {view.body}
    </App>
  )
  if (view.record && hasAccount()) void offer(view.record).catch(() => {}) // without it one goes by Mijn Plein
  if (isShown) return hydrate(whole, app)
  if (app.querySelector('.plein-shell')) app.replaceChildren()
  render(whole, app)
  document.documentElement.lang = found.language
  document.title = documentTitle(view, where)
}

/** Whether somebody is signed in, as far as scripts can tell. */
const hasAccount = () => /(^|; )plein-in=1/.test(document.cookie)

/** Puts what who signed in can do with a record above its page, once. */
async function offer(id: string): Promise<void> {
  const [{ RecordBar }, t] = await Promise.all([import('./features/RecordBar'), wordsOf(match(here()).language, ['person'])])
  const place = document.getElementById('bijhouden') ?? document.createElement('div')
  place.id = 'bijhouden'
  document.querySelector('main')!.before(place)
  render(
    <WhereProvider value={whereIs(here(), given.site, t, go)}>
      <RecordBar id={id} />
    </WhereProvider>,
    place,
  )
}

/** Goes to another address of the same page and leaves a way back. What cannot be shown here is loaded as a page. */
function go(url: string): void {
  show(url, null).then(
    () => {
      shown = url
      if (url !== here()) history.pushState(null, '', url)
    },
    (error: unknown) => {
      if (!(error instanceof DOMException && error.name === 'AbortError')) location.assign(url)
    },
  )
}

/** Gives the search box of a page that is only read its suggestions; nothing else of it is taken over. */
async function suggest(field: HTMLInputElement): Promise<void> {
  const [{ Suggestions }, t] = await Promise.all([import('./features/Suggestions'), wordsOf(match(here()).language)])
  const place = field.parentElement!.appendChild(document.createElement('div'))
  render(
    <WhereProvider value={whereIs(here(), given.site, t, go)}>
      <Suggestions field={field} words={field.defaultValue} />
    </WhereProvider>,
    place,
  )
}

const here = () => location.pathname + location.search
/** The address of what is shown. */
let shown = here()
const { route, language } = match(here())
if (!given.results || route.signedIn) {
  show(here(), null).catch(() => {
    // The server may have room for the whole page by now; its own message stays for who comes back.
    const message = language === 'nl' ? ' Dat lukt nu niet. Laad de pagina opnieuw.' : ' That does not work right now. Load the page again.'
    app.querySelector('[role=status]')?.append(message)
  })
} else if (!route.still) {
  // The page can be read already: what the browser needs to take it over comes after it was drawn.
  requestAnimationFrame(() => setTimeout(() => void show(here(), given.results)))
} else {
  const field = document.querySelector<HTMLInputElement>('#zoek')!
  const help = () => void suggest(field).catch(() => {}) // without suggestions one types on
  if (field === document.activeElement) help()
  else field.addEventListener('focus', help, { once: true })
}
addEventListener('popstate', () => {
  if (here() !== shown) go(here()) // otherwise another place on the same page
})

// A slash goes to the search box, as on many sites; not while somebody types.
addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return
  if (event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]')) return
  const box = document.querySelector<HTMLInputElement>('#zoek')
  if (!box) return
  event.preventDefault()
  box.focus()
  box.select()
})
