import type { PageProjectQuery } from '../../graphql/generated/graphql'
import { RecordLink } from '../../features/RecordLink'
import { A, Button, H, P } from '../../ui'
import { useWhere } from '../../where'
import type { Project } from './project'

/** The name or code of the municipality from which to look, as the address has it. */
export const perspectiveOf = (query: URLSearchParams): string => (query.get('vanuit') ?? '').trim().slice(0, 60)

/** CBS codes of municipalities. */
export const isCode = (text: string): boolean => /^GM\d{4}$/.test(text)

const mostReasons = 3

/** Projects that are like this one, and why; nothing where none is, or where it cannot be said now. */
export function Comparable({ project, named }: { project: Project; named: PageProjectQuery['municipalities'] }) {
  const { t, path, href, query } = useWhere()
  const c = t.project.comparable
  const found = project.comparable
  const asked = perspectiveOf(query)
  if (!found?.edges.length && !asked) return null
  return (
    <section class="plein-noprint" aria-labelledby="vergelijkbaar">
      <H level={2} id="vergelijkbaar">
        {c.title}
      </H>
      {found?.perspective && <P>{c.from(found.perspective.name)}</P>}
      <ul class="plein-items">
        {found?.edges.map(({ node, reasons, differences }) => (
          <li key={node.publisher.slug + node.slug}>
            <H level={3}>
              <RecordLink record={node} />
            </H>
            <p class="plein-meta">{node.publisher.name}</p>
            <div class="plein-likeness">
              <Texts title={c.alike} of={reasons.filter((r) => r.contribution > 0).slice(0, mostReasons)} />
              <Texts title={c.apart} of={differences.slice(0, mostReasons)} />
            </div>
          </li>
        ))}
      </ul>
      <details class="plein-perspective" open={asked !== ''}>
        <summary>{c.another}</summary>
        <form action={href(path) + '#vergelijkbaar'}>
          <label for="vanuit">{c.label}</label>
          <div class="plein-search__row">
            <input id="vanuit" name="vanuit" defaultValue={isCode(asked) ? '' : asked} required maxLength={60} autocomplete="off" />
            <Button type="submit" kind="secondary">
              {c.look}
            </Button>
          </div>
        </form>
        {named && <Choice of={named.nodes} asked={asked} />}
        {isCode(asked) && !found && <P>{c.unknown}</P>}
      </details>
    </section>
  )
}

function Texts({ title, of }: { title: string; of: { text: string }[] }) {
  if (of.length === 0) return null
  return (
    <div>
      <p>{title}</p>
      <ul>
        {of.map(({ text }) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </div>
  )
}

function Choice({ of, asked }: { of: { code: string; name: string }[]; asked: string }) {
  const { t, path } = useWhere()
  const c = t.project.comparable
  if (of.length === 0) return <P>{c.none(asked)}</P>
  return (
    <>
      <P>{c.choose}</P>
      <ul class="plein-ways">
        {of.map((m) => (
          <li key={m.code}>
            <A to={`${path}?vanuit=${m.code}#vergelijkbaar`}>{m.name}</A>
          </li>
        ))}
      </ul>
    </>
  )
}
