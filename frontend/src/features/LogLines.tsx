import type { ChangeKind, LogLinesFragment } from '../graphql/generated/graphql'
import type { Match } from '../routes'
import { datum, tijd } from '../taal'
import { A, Button } from '../ui'
import { useWhere } from '../where'

/** The kinds that are asked for in an address; all when none. */
export function kindsIn({ query }: Match, known: string[]): ChangeKind[] | null {
  const chosen = query.getAll('soort').filter((kind) => known.includes(kind)) as ChangeKind[]
  return chosen.length > 0 ? chosen : null
}

/** What a line is about has a page of its history where it is a record; accounts and organisations have none. */
const isRecord = (id: string): boolean => ['prj_', 'les_', 'tpl_'].some((prefix) => id.startsWith(prefix))

/** Lines of the private log as a table, with a choice of kinds and the way to older ones; `part` of a page that has more. */
export function LogLines({ lines: { nodes, pageInfo }, part }: { lines: LogLinesFragment; part?: string }) {
  const { t, path, query, language, href } = useWhere()
  const words = t.manage.log
  const kinds = Object.keys(t.history.kinds) as ChangeKind[]
  const chosen = query.getAll('soort')
  const newest = new URLSearchParams(chosen.map((kind): [string, string] => ['soort', kind]))
  if (part) newest.set('deel', part)
  const older = new URLSearchParams(newest)
  older.set('na', pageInfo.endCursor ?? '')
  return (
    <>
      <form action={href(path)} class="plein-form">
        {part && <input type="hidden" name="deel" value={part} />}
        <details open={chosen.length > 0}>
          <summary>{words.filter}</summary>
          <fieldset class="plein-field">
            <legend class="plein-hidden">{words.kinds}</legend>
            {kinds.map((kind) => (
              <div class="plein-choice-one" key={kind}>
                <input type="checkbox" name="soort" id={kind} value={kind} defaultChecked={chosen.includes(kind)} />
                <label for={kind}>{t.history.kinds[kind]}</label>
              </div>
            ))}
          </fieldset>
          <Button type="submit" kind="secondary">
            {words.show}
          </Button>
        </details>
      </form>
      {nodes.length === 0 ? (
        <p>{words.none}</p>
      ) : (
        <div class="plein-table" tabIndex={0} role="region" aria-label={words.title}>
          <table>
            <caption class="plein-hidden">{words.title}</caption>
            <thead>
              <tr>
                <th scope="col">{words.when}</th>
                <th scope="col">{words.what}</th>
                <th scope="col">{words.about}</th>
                <th scope="col">{words.who}</th>
                <th scope="col">{words.why}</th>
              </tr>
            </thead>
            <tbody>
              {nodes.map(({ id, at, kind, recordId, title, actor, reason }) => (
                <tr key={id}>
                  <td>
                    <time dateTime={at}>{t.history.at(datum(at, language), tijd(at))}</time>
                  </td>
                  <td>{t.history.kinds[kind]}</td>
                  <td>{title && isRecord(recordId) ? <A to={`/publiceren/${recordId}/geschiedenis`}>{title}</A> : (title ?? (recordId.startsWith('usr_') ? words.nameless : words.untitled))}</td>
                  <td>{actor.label}</td>
                  <td>{reason && kind === 'SHARED' ? (t.history.links[reason] ?? reason) : reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {pageInfo.hasPreviousPage && (
        <p>
          <A to={newest.size > 0 ? `${path}?${newest}` : path}>{t.history.newest}</A>
        </p>
      )}
      {pageInfo.hasNextPage && (
        <p>
          <A to={`${path}?${older}`}>{t.history.older}</A>
        </p>
      )}
    </>
  )
}
