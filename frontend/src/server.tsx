import { renderToString } from 'preact-render-to-string'
import { App, viewOf, whereIs } from './app'
import { Head } from './head'
import { asks, type Page, type Result, type Site } from './page'
import { match } from './routes'
import { en } from './taal/en'
import { nl } from './taal/nl'
import { feedOf } from './features/feed'
import { waiting } from './features/Waiting'

const pages = import.meta.glob<Page>('./pages/*/page.tsx', { eager: true, import: 'default' })

function pageOf(folder: string): Page {
  const page = pages[`./pages/${folder}/page.tsx`]
  if (!page) throw new Error(`there is no page ${folder}`)
  return page
}

/** What a page needs before it can be rendered; see internal/render for the contract. */
function plan(url: string): string {
  const feed = feedOf(url)
  if (feed) return JSON.stringify({ route: 'feed', operations: [feed] })
  const found = match(url)
  const { route } = found
  if (route.to) return JSON.stringify({ route: route.name, location: (found.language === 'en' ? '/en' : '') + route.to, operations: [] })
  return JSON.stringify({ route: route.name, operations: route.signedIn ? [] : asks(pageOf(route.page), found) })
}

/** The page, made of the answers to what it asked. */
function render(url: string, results: string, site: string): string {
  const { language } = match(url)
  const where = whereIs(url, JSON.parse(site) as Site, language === 'en' ? en : nl)
  const { signedIn } = where.route
  const view = signedIn ? waiting(where) : viewOf(pageOf(where.route.page), JSON.parse(results) as Result[], where)
  if (view.location) return JSON.stringify({ status: 301, location: where.href(view.location), lang: language, head: '', body: '' })
  return JSON.stringify({
    status: view.status ?? 200,
    location: '',
    lang: language,
    still: Boolean(where.route.still ?? signedIn),
    head: renderToString(<Head view={view} where={where} />) + structured(view.jsonLd),
    body: renderToString(<App where={where} band={signedIn && <></>}>{view.body}</App>),
  })
}

// Inside a script element nothing is escaped for us.
function structured(data: object | undefined): string {
  if (!data) return ''
  return `<script type="application/ld+json">${JSON.stringify(data).replace(/</g, '\\u003c')}</script>`
}

Object.assign(globalThis, { plein: { plan, render } })
