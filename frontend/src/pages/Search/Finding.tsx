import { useEffect, useRef } from 'preact/hooks'
import { SearchField } from '../../features/SearchBox'
import { addressOf, readSearch, type Search } from '../../features/searching'
import { H } from '../../ui'
import { useWhere } from '../../where'
import { Filters } from './Filters'
import { chosenOf, type Found } from './found'
import { focusResults } from './Here'
import { Results } from './Results'

/** One form: words, filters, and what was found. It is sent as it stands, or with JavaScript at every choice. */
export function Finding({ search, found, pageSize }: { search: Search; found: Found; pageSize: number }) {
  const { t, href, go } = useWhere()
  const form = useRef<HTMLFormElement>(null)
  const changed = useRef<HTMLInputElement>()
  const apply = () => {
    const fields = [...new FormData(form.current!)].map(([name, value]) => [name, String(value)])
    go!(href(addressOf(readSearch(new URLSearchParams(fields)))))
  }
  const onSubmit = (event: SubmitEvent) => {
    if (!go) return
    event.preventDefault()
    apply()
    form.current!.querySelector<HTMLDetailsElement>('.plein-filters')!.open = false
    focusResults()
  }
  const onChange = (event: Event) => {
    const { target } = event
    if (!go || !(target instanceof HTMLInputElement) || target.type !== 'checkbox') return
    changed.current = target
    apply()
  }
  // What was chosen may have moved in its list, which takes the focus away.
  useEffect(() => {
    if (document.activeElement === document.body) changed.current?.focus()
    changed.current = undefined
  }, [found])

  return (
    <form ref={form} action={href('/zoeken')} onSubmit={onSubmit} onChange={onChange}>
      <div class="plein-asked plein-noprint" role="search">
        <div class="plein-wrap plein-search">
          <H level={1}>{t.search.title}</H>
          <SearchField words={search.words} placeholder />
        </div>
      </div>
      <div class="plein-wrap plein-finding">
        <Filters search={search} found={found} />
        <Results search={search} found={found} chosen={chosenOf(search, found, t)} pageSize={pageSize} />
      </div>
    </form>
  )
}
