import { A } from '../ui'
import { useWhere } from '../where'

/** The way to the parts of a page, which its address names. */
export function Parts<Part extends string>({ label, of, at, words }: { label: string; of: readonly Part[]; at: Part; words: Record<Part, string> }) {
  const { path } = useWhere()
  return (
    <nav aria-label={label}>
      <ul class="plein-parts">
        {of.map((one) => (
          <li key={one}>
            <A to={`${path}?deel=${one}`} aria-current={one === at ? 'page' : undefined}>
              {words[one]}
            </A>
          </li>
        ))}
      </ul>
    </nav>
  )
}
