import type { ComponentChildren } from 'preact'
import { A } from '../ui'
import { Mark } from '../ui/Icon'
import { useWhere } from '../where'
import { SearchBox } from './SearchBox'

/** What stands around every page. */
export function Frame({ band, children }: { band?: ComponentChildren; children: ComponentChildren }) {
  const { t, path, href, language, site, query } = useWhere()
  const other = language === 'nl' ? 'en' : 'nl'
  const rest = query.toString()
  const isCurrent = (to: string) => (path === to ? 'page' : path.startsWith(to + '/') ? 'true' : undefined)
  return (
    <div class="plein-page">
      <a class="nl-skip-link nl-skip-link--visible-on-focus" href="#inhoud">
        {t.frame.skip}
      </a>
      <header class="plein-header">
        {site.demo && <p class="plein-demo">{t.frame.demo}</p>}
        <div class="plein-wrap plein-header__row">
          <a class="plein-brand" href={href('/')}>
            <Mark />
            <span>
              {t.frame.name}
              <small>{t.frame.tagline}</small>
            </span>
          </a>
          <a class="plein-mine" href={href('/mijn')} aria-current={isCurrent('/mijn')}>
            {t.frame.mine}
          </a>
          <a class="plein-language" href={href(path, other) + (rest ? '?' + rest : '')} lang={other} hreflang={other} title={t.frame.otherLanguageLong}>
            {t.frame.otherLanguage}
          </a>
        </div>
        <nav class="plein-nav" aria-label={t.frame.mainMenu}>
          <ul class="plein-wrap">
            {t.frame.menu.map(([to, label]) => (
              <li key={to}>
                <a href={href(to)} aria-current={isCurrent(to)}>
                  {label}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      {path !== '/' && path !== '/zoeken' && (
        <div class="plein-quick">
          <div class="plein-wrap">{band ?? <SearchBox compact />}</div>
        </div>
      )}
      <main id="inhoud" tabIndex={-1} class="plein-main">
        {children}
      </main>
      <footer class="plein-footer">
        <div class="plein-wrap plein-footer__row">
          <div>
            <p>{t.frame.about}</p>
            <p>{t.frame.license}</p>
          </div>
          <nav aria-label={t.frame.footerMenu}>
            <ul>
              {t.frame.footer.map(([to, label]) => (
                <li key={to}>
                  <A to={to}>{label}</A>
                </li>
              ))}
            </ul>
          </nav>
        </div>
      </footer>
    </div>
  )
}
