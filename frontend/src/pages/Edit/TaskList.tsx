import type { ComponentChildren } from 'preact'
import { useDesk } from '../../features/authoring/desk'
import { sectionPath, sections, sectionStates, type Section, type SectionState } from '../../features/authoring/sections'
import { A, H, names } from '../../ui'
import { useWhere } from '../../where'

/** A link to another section of the same working copy: nothing is loaded anew. */
export function SectionLink({ section, field, children, class: own }: { section?: Section; field?: string; children: ComponentChildren; class?: string }) {
  const { href, go } = useWhere()
  const { copy } = useDesk()
  const to = sectionPath(copy.record.id, section, field)
  const follow = (event: MouseEvent) => {
    if (!go || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    go(href(to))
  }
  return (
    <A to={to} class={own} onClick={follow}>
      {children}
    </A>
  )
}

/** The sections of a project, and where each stands. The state is a word beside the link, not something to press. */
export function TaskList() {
  const { t } = useWhere()
  const words = t.authoring
  const { copy } = useDesk()
  const states = sectionStates(copy)
  const ready = sections.filter((section) => states[section] === 'done').length
  return (
    <section aria-labelledby="onderdelen">
      <H level={2} id="onderdelen">
        {words.tasks}
      </H>
      <p class="plein-meta">{words.progress(ready, sections.length)}</p>
      <ul class="plein-tasks">
        {sections.map((section) => (
          <li key={section}>
            <div>
              <SectionLink section={section}>{words.sections[section]}</SectionLink>
              <small>{words.sectionHints[section]}</small>
            </div>
            <State of={states[section]} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function State({ of }: { of: SectionState }) {
  const { t } = useWhere()
  return <span class={names('plein-task', `plein-task--${of}`)}>{t.authoring.states[of]}</span>
}
