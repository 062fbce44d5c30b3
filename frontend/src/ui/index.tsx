import type { ComponentChildren, JSX } from 'preact'
import { useWhere } from '../where'

/** Class names, without those that do not apply. */
export const names = (...all: (string | false | null | undefined)[]) => all.filter(Boolean).join(' ')

/** A heading. */
export function H({ level, children, class: own, ...rest }: { level: 1 | 2 | 3 | 4 } & JSX.HTMLAttributes<HTMLHeadingElement>) {
  const Tag = `h${level}` as 'h1'
  return (
    <Tag class={names('nl-heading', `nl-heading--level-${level}`, own as string)} {...rest}>
      {children}
    </Tag>
  )
}

/** A link: `to` is a Dutch path of this site, `href` an address elsewhere. */
export function A({ to, class: own, ...rest }: { to?: string } & JSX.AnchorHTMLAttributes<HTMLAnchorElement>) {
  const { href } = useWhere()
  return <a class={names('nl-link', own as string)} {...(to === undefined ? {} : { href: href(to) })} {...rest} />
}

/** A paragraph; the lead says what a page is about. */
export function P({ lead, class: own, ...rest }: { lead?: boolean } & JSX.HTMLAttributes<HTMLParagraphElement>) {
  return <p class={names('nl-paragraph', lead && 'nl-paragraph--lead', own as string)} {...rest} />
}

/** A button. */
export function Button({ kind = 'primary', class: own, ...rest }: { kind?: 'primary' | 'secondary' } & JSX.ButtonHTMLAttributes<HTMLButtonElement>) {
  return <button class={names('nl-button', `nl-button--${kind}`, own as string)} {...rest} />
}

/** A link that looks like a button. */
export function ButtonLink({ to, kind = 'secondary', class: own, ...rest }: { to?: string; kind?: 'primary' | 'secondary' } & JSX.AnchorHTMLAttributes<HTMLAnchorElement>) {
  const { href } = useWhere()
  return <a class={names('nl-button', `nl-button--${kind}`, own as string)} {...(to === undefined ? {} : { href: href(to) })} {...rest} />
}

/** A short fact about a thing. */
export function Badge({ tone, children }: { tone?: 'good' | 'busy' | 'warn'; children: ComponentChildren }) {
  return <span class={names('nl-data-badge', tone && `plein-badge--${tone}`)}>{children}</span>
}

/** Something to know before reading on. */
export function Notice({ tone = 'info', title, children }: { tone?: 'info' | 'warn'; title?: string; children: ComponentChildren }) {
  return (
    <div class={names('plein-notice', tone === 'warn' && 'plein-notice--warn')}>
      {title && <p class="plein-notice__title">{title}</p>}
      {children}
    </div>
  )
}

/** Facts by name; what is not known is left out. */
export function Facts({ facts }: { facts: [name: string, value: ComponentChildren][] }) {
  const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== false && value !== '' && !(Array.isArray(value) && value.length === 0))
  if (known.length === 0) return null
  return (
    <dl class="plein-facts">
      {known.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** HTML that the server made of CommonMark and cleaned. */
export function Prose({ html, lang }: { html: string | null | undefined; lang?: string }) {
  return html ? <div class="plein-prose" lang={lang} dangerouslySetInnerHTML={{ __html: html }} /> : null
}

/** Text with the found words marked. */
export function Fragments({ of }: { of: { text: string; hit: boolean }[] }) {
  return <>{of.map((f, i) => (f.hit ? <mark key={i} class="nl-mark">{f.text}</mark> : f.text))}</>
}

/** The way from the home page to here; the page itself is not in it. */
export function Breadcrumbs({ trail }: { trail: [to: string, label: string][] }) {
  const { t } = useWhere()
  return (
    <nav class="plein-trail" aria-label={t.frame.breadcrumbs}>
      <ol>
        {trail.map(([to, label]) => (
          <li key={to}>
            <A to={to}>{label}</A>
          </li>
        ))}
      </ol>
    </nav>
  )
}

/** Things joined by a comma. */
export function List({ of }: { of: ComponentChildren[] }) {
  return <>{of.map((x, i) => [i > 0 && ', ', x])}</>
}
