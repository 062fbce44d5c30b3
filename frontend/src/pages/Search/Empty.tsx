import { addressOf, type Search } from '../../features/searching'
import { A, P } from '../../ui'
import { useWhere } from '../../where'
import { stepsOf, type Found } from './found'
import { Here } from './Here'
import { Step } from './Step'

/** Nothing was found: what to do. */
export function Empty({ search, found }: { search: Search; found: Found }) {
  const { t } = useWhere()
  const filters = Object.keys(search.chosen).length
  const steps = stepsOf(search, found).filter((s) => s.facet || filters === 0)
  return (
    <>
      <P>{t.search.emptyText}</P>
      <ul class="plein-ways">
        {steps.map((step) => (
          <li key={`${step.facet} ${step.query}`}>
            <Step step={step} search={search} />
          </li>
        ))}
        {filters > 1 && search.words && (
          <li>
            <Here to={{ words: search.words }}>{t.search.emptyWithoutFilters}</Here>
          </li>
        )}
        {search.words && <li>{t.search.emptyFewer}</li>}
        <li>
          <A to={addressOf({})}>{t.search.emptyAll}</A>
        </li>
        <li>
          <A to="/udc">{t.search.emptyOrganizations}</A>
        </li>
      </ul>
    </>
  )
}
