import type { PublishedFragment } from '../graphql/generated/graphql'
import { datum } from '../taal'
import { A, Facts, H } from '../ui'
import { useWhere } from '../where'
import { Copyable } from './Copyable'
import { License } from './License'

/** When and under which terms a record was published, its sources, and how to cite it; of a working copy only what holds already. */
export function Published({ record, isWorkingCopy }: { record: PublishedFragment; isWorkingCopy?: boolean }) {
  const { t, language } = useWhere()
  const p = t.published
  return (
    <section class="plein-published" aria-labelledby="uitgave">
      <H level={2} id="uitgave">
        {p.title}
      </H>
      <Facts
        facts={[
          [p.published, record.publishedAt && datum(record.publishedAt, language)],
          [p.updated, datum(record.updatedAt, language)],
          [p.version, !isWorkingCopy && record.publicVersion],
          [p.license, <License of={record.license} />],
          [p.address, !isWorkingCopy && <A href={record.uri}>{record.uri}</A>],
          [p.sources(record.sourceLinks.length), record.sourceLinks.length > 0 && <Sources links={record.sourceLinks} />],
        ]}
      />
      {!isWorkingCopy && <Cite record={record} />}
    </section>
  )
}

function Sources({ links }: { links: string[] }) {
  return (
    <ul class="plein-bare">
      {links.map((link) => (
        <li key={link}>
          <A href={link}>{hostOf(link)}</A>
        </li>
      ))}
    </ul>
  )
}

/** The site that an address is of, in short. */
function hostOf(link: string): string {
  const host = link.split('/')[2] ?? link
  return host.startsWith('www.') ? host.slice(4) : host
}

function Cite({ record }: { record: PublishedFragment }) {
  const { t } = useWhere()
  return (
    <details class="plein-cite" id="citeer">
      <summary>{t.published.cite}</summary>
      <Copyable text={citation(record, t.published.versionInCitation)} />
      <ul class="plein-bare">
        <li>
          <a class="nl-link" href={`/id/${record.id}.bib`}>
            BibTeX
          </a>
        </li>
        <li>
          <a class="nl-link" href={`/id/${record.id}.ris`}>
            RIS
          </a>
        </li>
      </ul>
    </details>
  )
}

function citation(record: PublishedFragment, version: (n: number) => string): string {
  const year = record.publishedAt ? ` (${datum(record.publishedAt, 'nl').slice(-4)})` : ''
  return `${record.publisher.name}${year}. ${record.title} (${version(record.publicVersion)}). Plein. ${record.uri}`
}
