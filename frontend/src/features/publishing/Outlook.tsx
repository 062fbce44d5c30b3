import type { OutlookFragment, StandingFragment } from '../../graphql/generated/graphql'
import { datum, tijd, type Texts } from '../../taal'
import type { Language } from '../../routes'
import { A, H, Notice, P } from '../../ui'
import { useWhere } from '../../where'
import { nameOf } from '../authoring/describe'
import { notesOf, problems } from '../authoring/link'
import type { Problem } from '../authoring/copy'
import { sectionOf, sectionPath } from '../authoring/sections'
import { Differences } from '../Differences'

interface Looking {
  draft: StandingFragment
  outlook: OutlookFragment
}

/** What happens when this is published: who sees it, and when. */
export function sentence({ draft, outlook: { audience, visibleAt, hidden } }: Looking, t: Texts, language: Language): string {
  const words = t.publishing.when[audience]
  if (visibleAt) return words.later(datum(visibleAt, language), tijd(visibleAt))
  const now = draft.publicVersion > 0 ? words.again : words.now
  return hidden.length > 0 ? `${now} ${t.publishing.butHidden}` : now
}

/** That, and what keeps this from happening or deserves another look first. */
export function Outlook({ draft, outlook }: Looking) {
  const { t, language } = useWhere()
  const words = t.publishing
  const missing = problems(outlook.missing)
  const notes = notesOf(outlook.warnings)
  return (
    <>
      <P lead>{sentence({ draft, outlook }, t, language)}</P>
      {outlook.visibleAt && draft.publicVersion > 0 && <P>{words.untilThen}</P>}
      {missing.length > 0 && (
        <Notice tone="warn" title={words.missing(missing.length)}>
          <Problems of={missing} draft={draft} />
        </Notice>
      )}
      {notes.length > 0 && (
        <Notice title={words.warnings}>
          <p>{words.warningsText}</p>
          <Problems of={notes} draft={draft} />
        </Notice>
      )}
      <Hidden of={outlook.hidden.filter(({ until }) => until !== outlook.visibleAt)} />
    </>
  )
}

/** What is wrong, each with the way to where it can be mended. */
function Problems({ of, draft }: { of: Problem[]; draft: StandingFragment }) {
  const { t } = useWhere()
  const isProject = draft.__typename === 'Project'
  return (
    <ul class="plein-ways">
      {of.map(({ key, message }) => (
        <li key={key + message}>
          {key ? (
            <A to={sectionPath(draft.id, isProject ? sectionOf(key) : undefined, key)}>
              {nameOf(key, t)}: {message}
            </A>
          ) : (
            message
          )}
        </li>
      ))}
    </ul>
  )
}

/** What an embargo keeps hidden when the rest can be read, until when. */
function Hidden({ of }: { of: OutlookFragment['hidden'] }) {
  const { t, language } = useWhere()
  const words = t.publishing
  if (of.length === 0) return null
  return (
    <Notice title={words.hidden}>
      <ul class="plein-ways">
        {of.map(({ path, label, until }) => (
          <li key={path}>
            {label}
            {until && `, ${words.until(datum(until, language), tijd(until))}`}
          </li>
        ))}
      </ul>
    </Notice>
  )
}

/** What changes against what is public now. */
export function Changes({ draft, outlook }: Looking) {
  const { t } = useWhere()
  const words = t.publishing
  const { differences, hidden } = outlook
  return (
    <section aria-labelledby="verschil">
      <H level={2} id="verschil">
        {words.changes}
      </H>
      {draft.publicVersion === 0 ? <P>{words.allNew}</P> : differences.length === 0 ? <P>{words.noChanges}</P> : <Differences of={differences} />}
      {hidden.length > 0 && draft.publicVersion > 0 && <P>{words.hiddenNotCompared}</P>}
    </section>
  )
}
