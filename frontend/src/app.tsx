import type { ComponentChildren } from 'preact'
import { Frame } from './features/Frame'
import type { PersonFragment } from './graphql/generated/graphql'
import type { Page, Result, Site, View, Where } from './page'
import { match, type Language } from './routes'
import type { Texts } from './taal'
import { Fault } from './features/Fault'
import { WhereProvider } from './where'

/** The place that an address leads to. */
export function whereIs(url: string, site: Site, t: Texts, go?: Where['go']): Where {
  const found = match(url)
  const href = (path: string, language: Language = found.language) =>
    language === 'nl' ? path : path === '/' ? '/en' : '/en' + path
  return { ...found, site, t, href, go }
}

/** What a page is with these answers: an answer that did not come is a page that says so. */
export function viewOf(page: Page, results: Result[], where: Where): View {
  const [result] = results
  const isThere = result?.data && (!where.route.signedIn || viewerOf(result))
  if (page.document && !isThere) return faultView(result, where)
  return page.shows(result?.data, where)
}

/** Who asked, in an answer to the operation of a signed-in page. */
export function viewerOf(result: Result | undefined): PersonFragment | null | undefined {
  return (result?.data as { viewer?: PersonFragment | null } | undefined)?.viewer
}

function faultView(result: Result | undefined, where: Where): View {
  const code = result?.errors?.[0]?.extensions?.code
  const kind = code === 'BAD_USER_INPUT' ? 'badLink' : 'unavailable'
  return {
    status: kind === 'badLink' ? 400 : 503,
    title: where.t.fault[kind].title,
    hidden: true,
    body: <Fault title={where.t.fault[kind].title}>{where.t.fault[kind].text}</Fault>,
  }
}

/** A whole page. The band is what stands under the menu, instead of the search box. */
export function App({ where, band, children }: { where: Where; band?: ComponentChildren; children: ComponentChildren }) {
  return (
    <WhereProvider value={where}>
      <Frame band={band}>{children}</Frame>
    </WhereProvider>
  )
}
