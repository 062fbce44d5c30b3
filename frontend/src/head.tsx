import type { View, Where } from './page'

/** Title of the document: what the page is, then whose it is. */
export function documentTitle(view: View, where: Where): string {
  return where.path === '/' ? view.title : `${view.title} – ${where.site.demo ? where.t.frame.demoName : 'Plein'}`
}

/** What machines want to know of a page. */
export function Head({ view, where }: { view: View; where: Where }) {
  const title = documentTitle(view, where)
  const own = view.canonical ?? where.path
  const absolute = (path: string) => where.site.base + path
  const found = !view.status || view.status === 200
  const description = view.description?.replace(/\s+/g, ' ').slice(0, 300)
  return (
    <>
      <title>{title}</title>
      {description && <meta name="description" content={description} />}
      {(view.hidden || where.site.demo || !found) && <meta name="robots" content="noindex" />}
      {found && (
        <>
          <link rel="canonical" href={view.original ?? absolute(where.href(own))} />
          {!view.original && (
            <>
              <link rel="alternate" hreflang="nl" href={absolute(where.href(own, 'nl'))} />
              <link rel="alternate" hreflang="en" href={absolute(where.href(own, 'en'))} />
            </>
          )}
          <meta property="og:title" content={view.title} />
          {description && <meta property="og:description" content={description} />}
          <meta property="og:type" content={view.jsonLd && own !== '/' ? 'article' : 'website'} />
          <meta property="og:url" content={absolute(where.href(own))} />
          <meta property="og:site_name" content="Plein" />
          <meta property="og:locale" content={where.language === 'nl' ? 'nl_NL' : 'en_GB'} />
        </>
      )}
      {view.feed && <link rel="alternate" type="application/atom+xml" href={where.href(view.feed)} title={view.title} />}
    </>
  )
}
