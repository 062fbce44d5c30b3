import { useState } from 'preact/hooks'
import { A, Button, H } from '../../ui'
import { addressOf, narrowings, type NarrowingName, type Search } from '../../features/searching'
import { getal } from '../../taal'
import { useWhere } from '../../where'
import { valuesOf, type Found, type Value } from './found'

/** Groups of narrowings, in the order in which they are shown; the first few are open. */
const groups: NarrowingName[][] = [['soort'], ['thema'], ['gemeente'], ['grootte', 'stedelijkheid'], ['stap'], ['bron'], ['methode'], ['status'], ['jaar'], ['gebruikt'], ['plein']]
const firstOpen = 3

/** How many values are in sight before one asks for more. */
const inSight = 6

/**
 * What the results can be narrowed by. On narrow screens it folds; on wide ones the style sheet shows what is folded, so
 * that nothing moves when JavaScript comes or does not come.
 */
export function Filters({ search, found }: { search: Search; found: Found }) {
  const { t } = useWhere()
  const lists = groups.map((names) => names.map((name) => ({ name, values: valuesOf(name, found, t) })).filter(({ values }) => values.length > 0))
  const offered = new Set(lists.flat().flatMap(({ name, values }) => values.filter((v) => v.chosen).map((v) => `${name}=${v.value}`)))
  const kept = narrowings.flatMap(({ name }) => (search.chosen[name] ?? []).filter((value) => !offered.has(`${name}=${value}`)).map((value) => [name, value]))
  if (search.order) kept.push(['sorteer', search.order])
  if (search.literal) kept.push(['letterlijk', 'ja'])
  if (search.apart) kept.push(['apart', 'ja'])
  if (search.everyPlace) kept.push(['gemeenten', 'alle'])
  return (
    <details class="plein-filters plein-noprint">
      <summary>{t.search.filtersCount(Object.values(search.chosen).flat().length)}</summary>
      <H level={2}>{t.search.filters}</H>
      {kept.map(([name, value]) => (
        <input key={name + value} type="hidden" name={name} value={value} />
      ))}
      {lists
        .filter((group) => group.length > 0)
        .map((group, i) => (
          <Group key={group[0].name} search={search} lists={group} found={found} open={i < firstOpen} />
        ))}
      <Button type="submit" class="plein-filters__apply">
        {t.search.show}
      </Button>
    </details>
  )
}

type List = { name: NarrowingName; values: Value[] }

function Group({ search, lists, found, open }: { search: Search; lists: List[]; found: Found; open: boolean }) {
  const { t } = useWhere()
  const [isOpen] = useState(open || lists.some(({ values }) => values.some((v) => v.chosen))) // later it is the reader's
  const [{ name }] = lists
  const legend = name === 'grootte' ? t.search.sizeAndUrbanity : t.search.facets[name]
  const isCut = name === 'gemeente' && !search.everyPlace && found.facets.some((f) => f.facet === 'MUNICIPALITY' && f.otherCount > 0)
  return (
    <details class="plein-facet" id={`filter-${name}`} open={isOpen}>
      <summary>{legend}</summary>
      {lists.map((list) => (
        <fieldset key={list.name}>
          <legend class={lists.length > 1 ? undefined : 'plein-hidden'}>{t.search.facets[list.name]}</legend>
          <Values {...list} long={list.name === 'gemeente' && search.everyPlace} />
        </fieldset>
      ))}
      {isCut && (
        <A to={addressOf({ ...search, everyPlace: true }) + '#filter-gemeente'} class="plein-facet__all">
          {t.search.all}
        </A>
      )}
    </details>
  )
}

function Values({ name, values, long }: List & { long: boolean }) {
  const { t } = useWhere()
  const few = long || name === 'grootte' || values.length <= inSight + 1
  const more = few ? [] : values.slice(inSight)
  const [isOpen] = useState(more.some((v) => v.chosen))
  const list = long ? values.slice().sort(byName) : few ? values : values.slice(0, inSight)
  return (
    <>
      <Checks name={name} values={list} class={long ? 'plein-facet__long' : undefined} />
      {more.length > 0 && (
        <details open={isOpen}>
          <summary>{t.search.more}</summary>
          <Checks name={name} values={more} />
        </details>
      )}
    </>
  )
}

// 's-Gravenhage stands at the G.
const key = ({ label }: Value) => label.replace(/^'s-/, '').toLowerCase()
const byName = (a: Value, b: Value) => (key(a) < key(b) ? -1 : 1)

function Checks({ name, values, class: own }: { name: NarrowingName; values: Value[]; class?: string }) {
  const { language } = useWhere()
  return (
    <ul class={own}>
      {values.map(({ value, label, count, chosen }) => (
        <li key={value}>
          <label>
            <input type="checkbox" name={name} value={value} checked={chosen} />
            <span>{label}</span> <small>{getal(count, language)}</small>
          </label>
        </li>
      ))}
    </ul>
  )
}
