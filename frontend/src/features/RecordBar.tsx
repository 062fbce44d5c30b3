import { useEffect, useState } from 'preact/hooks'
import { RecordActionsDocument, type RecordActionsQuery, type ViewerAction } from '../graphql/generated/graphql'
import { change } from '../graphql/ask'
import { A } from '../ui'
import { useWhere } from '../where'
import '../style/person.css'

/** What who signed in should know of the record of a page, and can do with it. */
export function RecordBar({ id }: { id: string }) {
  const { t } = useWhere()
  const [data, setData] = useState<RecordActionsQuery>()
  useEffect(() => {
    const visit = new AbortController()
    change(RecordActionsDocument, { id }, visit.signal).then(
      ({ data }) => setData(data),
      () => {}, // the page is gone
    )
    return () => visit.abort()
  }, [id])
  const node = data?.node
  if (!node || !('viewerCan' in node)) return null
  const { audience, provenance } = node
  const can = provenance === 'PEER' ? [] : node.viewerCan // a copy is changed where it lives
  const isProject = node.__typename === 'Project'
  const own = `/publiceren/${id}`
  const words = t.person.record
  const any = (...actions: ViewerAction[]) => actions.some((action) => can.includes(action))
  const writes = data.viewer?.memberships.some(({ organization }) => organization.viewerCan.includes('WRITE')) ?? false
  const ways: [allowed: boolean, to: string, label: string][] = [
    [any('UPDATE'), own, words.edit],
    [any('REVIEW'), own + '/beoordelen', words.review],
    [any('EMBARGO'), own + '/embargo', words.embargo],
    [any('SHARE'), own + '/delen', words.share],
    [can.some((action) => action !== 'REPORT'), own + '/geschiedenis', words.history],
    [isProject && node.hiddenReuses !== null && node.reusedBy.totalCount + node.hiddenReuses.length + (node.hiddenGone?.length ?? 0) > 0, own + '/herhaald', words.reuses],
    [any('ARCHIVE', 'WITHDRAW'), own + '/intrekken', words.withdraw],
    [isProject && writes, own + '/herhalen', words.repeat],
  ]
  const open = ways.filter(([allowed]) => allowed)
  if (open.length === 0 && audience === 'PUBLIC') return null
  return (
    <section class="plein-recordbar" aria-label={words.label}>
      <div class="plein-wrap">
        {audience === 'COMMUNITY' && <p>{words.community}</p>}
        <ul>
          {open.map(([, to, label]) => (
            <li key={to}>
              <A to={to}>{label}</A>
            </li>
          ))}
        </ul>
      </div>
    </section>
  )
}
