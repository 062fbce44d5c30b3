import type { ComponentChildren } from 'preact'
import type { CardFragment } from '../graphql/generated/graphql'
import { datum } from '../taal'
import { A, Badge, H } from '../ui'
import { useWhere } from '../where'
import { langOf, pathOf, toneOf } from './records'

/**
 * A record in a list. `title` and `text` replace its own, such as by those with the found words marked; what else there
 * is to say comes below.
 */
export function Card({ record, level = 3, title, text, children }: { record: CardFragment; level?: 2 | 3; title?: ComponentChildren; text?: ComponentChildren; children?: ComponentChildren }) {
  const { t, language } = useWhere()
  const lang = langOf(record, language)
  const places = record.__typename === 'Project' ? record.municipalities.map((m) => m.name) : []
  const known = places.filter((name) => !record.publisher.name.includes(name))
  const badges: ComponentChildren[] = []
  if (record.provenance !== 'OWN') badges.push(<Badge>{record.provenance === 'PEER' ? t.copy.of(record.origin.node.name) : t.provenance[record.provenance]}</Badge>)
  if (record.__typename === 'Project') {
    badges.push(<Badge tone={toneOf(record.phase)}>{t.phase[record.phase]}</Badge>)
    for (const domain of record.policyDomains) badges.push(<Badge>{domain.label}</Badge>)
  }
  if (record.__typename === 'Lesson') badges.push(<Badge>{t.lessonKind[record.lessonKind]}</Badge>)
  const shown = text ?? record.summary
  return (
    <article class="plein-card">
      <H level={level}>
        <A to={pathOf(record)} lang={lang}>
          {title || record.title}
        </A>
      </H>
      <p class="plein-meta">
        {t.kind[record.__typename]} · {record.publisher.name}
        {known.length > 0 && ` · ${known.slice(0, 3).join(', ')}`}
        {record.publishedAt && ` · ${datum(record.publishedAt, language)}`}
      </p>
      {shown && (
        <p class="plein-card__text" lang={lang}>
          {shown}
        </p>
      )}
      {children}
      {badges.length > 0 && (
        <ul class="plein-badges">
          {badges.map((badge, i) => (
            <li key={i}>{badge}</li>
          ))}
        </ul>
      )}
    </article>
  )
}
