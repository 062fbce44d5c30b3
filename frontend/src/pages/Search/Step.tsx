import { narrowings, without, type Search } from '../../features/searching'
import { getal } from '../../taal'
import { useWhere } from '../../where'
import type { Found } from './found'
import { Here } from './Here'

/** A search that finds more: without one of the filters, or with other words. */
export function Step({ step, search, brief }: { step: Found['nextSteps'][number]; search: Search; brief?: boolean }) {
  const { t, language } = useWhere()
  const narrowing = narrowings.find((n) => n.facet && n.facet === step.facet)
  const words = step.query ?? ''
  if (!narrowing) return <Here to={{ ...search, words }}>{brief ? words : t.search.tryWords(words)}</Here>
  return (
    <Here to={without(search, narrowing.name)}>
      {t.search.withoutFilter(t.search.facets[narrowing.name])} {step.totalCount !== null && `(${getal(step.totalCount, language)})`}
    </Here>
  )
}
