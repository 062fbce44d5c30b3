import { addressOf, orders, without, type Search } from '../../features/searching'
import type { SearchRelation } from '../../graphql/generated/graphql'
import { getal } from '../../taal'
import { A, ButtonLink, Facts, H, Notice, P } from '../../ui'
import { Icon } from '../../ui/Icon'
import { useWhere } from '../../where'
import { Empty } from './Empty'
import { stepsOf, type chosenOf, type Found } from './found'
import { Here } from './Here'
import { Hit } from './Hit'
import { Step } from './Step'

/** How many were found, how that came, and the results themselves. */
export function Results({ search, found, chosen, pageSize }: { search: Search; found: Found; chosen: ReturnType<typeof chosenOf>; pageSize: number }) {
  const { t } = useWhere()
  const whole = found.edges.filter((e) => e.matchesAll)
  const partly = found.edges.filter((e) => !e.matchesAll)
  const first: Search = { ...search, after: '' }
  return (
    <section aria-labelledby="gevonden">
      <Count search={first} found={found} />
      {chosen.length > 0 && (
        <ul class="plein-chips" aria-label={t.search.chosen}>
          {chosen.map(({ name, value, label }) => (
            <li key={name + value}>
              <Here to={without(search, name, value)} class="plein-chip">
                <span class="plein-hidden">{t.search.remove} </span>
                {t.search.facets[name]}: {label}
                <Icon name="cross" />
              </Here>
            </li>
          ))}
          <li>
            <Here to={{ ...first, chosen: {} }}>{t.search.clear}</Here>
          </li>
        </ul>
      )}
      {found.isDegraded && <Notice tone="warn">{t.search.degraded}</Notice>}
      <Missing nodes={found.missingNodes} />
      {search.after && (
        <P>
          {t.search.continued} <A to={addressOf(first)}>{t.search.start}</A>
        </P>
      )}
      <Explanation search={first} found={found} />
      {found.totalCount > 1 && <Order search={first} />}
      {found.totalCount === 0 && <Empty search={first} found={found} />}
      {whole.length > 0 && <Hits edges={whole} found={found} />}
      {partly.length > 0 && (
        <>
          {found.exactCount > 0 && <H level={2}>{t.search.partly}</H>}
          <Hits edges={partly} found={found} />
        </>
      )}
      {(found.pageInfo.hasNextPage || search.after) && (
        <nav class="plein-actions" aria-label={t.search.pages}>
          {found.pageInfo.hasNextPage && (
            <ButtonLink to={addressOf({ ...search, after: found.pageInfo.endCursor! })}>
              {t.search.next(pageSize)} <Icon name="arrow" />
            </ButtonLink>
          )}
          {search.after && <ButtonLink to={addressOf(first)}>{t.search.start}</ButtonLink>}
        </nav>
      )}
      <Also search={first} found={found} />
      {found.totalCount > 0 && <Take search={first} />}
    </section>
  )
}

const mostNamed = 3

/** The nodes of which records may not be here, or be old. */
function Missing({ nodes }: { nodes: Found['missingNodes'] }) {
  const { t, language } = useWhere()
  if (nodes.length === 0) return null
  const all = nodes.slice(0, mostNamed).map(({ name }) => name)
  if (nodes.length > mostNamed) all.push(t.search.otherNodes(getal(nodes.length - mostNamed, language)))
  const last = all.pop()
  return <Notice>{t.search.missing(all.length > 0 ? `${all.join(', ')} ${t.search.and} ${last}` : last!)}</Notice>
}

function Count({ search, found }: { search: Search; found: Found }) {
  const { t, language } = useWhere()
  const { totalCount, groupCount } = found
  const n = getal(totalCount, language)
  return (
    <>
      <div role="status">
        <H level={2} id="gevonden" tabIndex={-1}>
          {totalCount === 0 ? t.search.none(search.words) : search.words ? t.search.results(n, search.words) : t.search.everything(n)}
        </H>
      </div>
      {groupCount !== null && groupCount < totalCount && (
        <p class="plein-meta">
          {t.search.groups(getal(groupCount, language))} <Here to={{ ...search, apart: true }}>{t.search.takeApart}</Here>
        </p>
      )}
      {search.apart && totalCount > 1 && (
        <p class="plein-meta">
          {t.search.isApart} <Here to={{ ...search, apart: false }}>{t.search.takeTogether}</Here>
        </p>
      )}
    </>
  )
}

/** What was done with the words. */
function Explanation({ search, found }: { search: Search; found: Found }) {
  const { t } = useWhere()
  const { notice, suggestion, totalCount } = found
  const steps = totalCount === 0 ? [] : stepsOf(search, found)
  return (
    <>
      {suggestion && (
        <P>
          {t.search.didYouMean} <Here to={{ ...search, words: suggestion }}>{suggestion}</Here>?
        </P>
      )}
      {notice && <Notice>{notice}</Notice>}
      {steps.length > 0 && (
        <div class="plein-try">
          <p>{t.search.tryToo}:</p>
          <ul>
            {steps.map((step) => (
              <li key={`${step.facet} ${step.query}`}>
                <Step step={step} search={search} brief />
              </li>
            ))}
          </ul>
        </div>
      )}
      {search.literal && search.words && (
        <P>
          {t.search.isLiteral} <Here to={{ ...search, literal: false }}>{t.search.notOnlyMine}</Here>
        </P>
      )}
    </>
  )
}

/** What else was searched for. */
function Also({ search, found }: { search: Search; found: Found }) {
  const { t } = useWhere()
  if (found.expansions.length === 0) return null
  return (
    <details class="plein-also">
      <summary>{t.search.alsoSearched}</summary>
      <Facts facts={relations.map((r) => [t.search.alsoBecause[r], says(found, r)])} />
      {!search.literal && (
        <P>
          <Here to={{ ...search, literal: true }}>{t.search.onlyMine}</Here>
        </P>
      )}
    </details>
  )
}

const relations: SearchRelation[] = ['SYNONYM', 'NARROWER', 'BROADER', 'RELATED', 'SPELLING', 'FORM']

function says(found: Found, relation: SearchRelation): string {
  return [...new Set(found.expansions.filter((e) => e.relation === relation).map((e) => e.says))].join(', ')
}

function Order({ search }: { search: Search }) {
  const { t } = useWhere()
  const labels: Partial<Record<Search['order'], string>> = search.words ? t.search.orders : t.search.ordersWithoutWords
  const current = labels[search.order] ? search.order : ''
  return (
    <nav class="plein-order plein-noprint" aria-label={t.search.sort}>
      <ul>
        {orders.map(
          ([order]) =>
            labels[order] && (
              <li key={order}>
                <Here to={{ ...search, order }} stay aria-current={order === current ? 'true' : undefined}>
                  {labels[order]}
                </Here>
              </li>
            ),
        )}
      </ul>
    </nav>
  )
}

function Hits({ edges, found }: { edges: Found['edges']; found: Found }) {
  return (
    <ol class="plein-hits">
      {edges.map((edge) => (
        <li key={edge.node.id}>
          <Hit edge={edge} expansions={found.expansions} />
        </li>
      ))}
    </ol>
  )
}

/** The same search as a feed and as files. */
function Take({ search }: { search: Search }) {
  const { t } = useWhere()
  const all: Search = { ...search, apart: false, everyPlace: false }
  const formats = [
    ['atom', 'feed', { ...all, order: '' }],
    ['csv', 'download', all],
    ['ndjson', 'download', all],
  ] as const
  return (
    <div class="plein-take plein-noprint">
      <H level={2}>{t.search.take}</H>
      <ul>
        {formats.map(([format, icon, what]) => (
          <li key={format}>
            <Icon name={icon} /> <A to={addressOf(what, `/zoeken.${format}`)}>{t.search[format]}</A>
          </li>
        ))}
      </ul>
    </div>
  )
}
