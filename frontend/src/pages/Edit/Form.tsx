import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { WorkingCopy } from '../../features/authoring/copy'
import { DeskProvider, idOf, useChanges, useDesk, useWords, type Desk } from '../../features/authoring/desk'
import { linesOf, nameOf } from '../../features/authoring/describe'
import { organizationFinder } from '../../features/authoring/find'
import { linkTo, notesOf, snapshot } from '../../features/authoring/link'
import { Saved, useSaving } from '../../features/authoring/Saved'
import { sectionOf, sectionPath, sections, type Section } from '../../features/authoring/sections'
import type { PageEditQuery, WorkingFragment } from '../../graphql/generated/graphql'
import { A, Badge, Breadcrumbs, H, Notice, P } from '../../ui'
import { useWhere } from '../../where'
import { Actions } from './Actions'
import { BasedOn } from './BasedOn'
import { LessonForm } from './LessonForm'
import { Outputs } from './Outputs'
import { Publicity, Readers, Result, Translation } from './Result'
import { ReviewNote } from './ReviewNote'
import { Sources } from './Sources'
import { Approach, Question, Subject } from './Subject'
import { SectionLink, TaskList } from './TaskList'
import { Team } from './Team'
import { Uses } from './Uses'

const parts: Record<Section, () => JSX.Element> = {
  vraag: Question,
  thema: Subject,
  aanpak: Approach,
  gebaseerd: BasedOn,
  bronnen: Sources,
  team: Team,
  resultaat: Result,
  producten: Outputs,
  gebruik: Uses,
  publiciteit: Publicity,
  taal: Translation,
  lezers: Readers,
}

/** The section that an address asks for. */
export const sectionIn = (query: URLSearchParams): Section | undefined => sections.find((section) => section === query.get('deel'))

type Draft = NonNullable<PageEditQuery['draft']>

/** The form of a working copy. */
export function Form({ data, draft }: { data: PageEditQuery; draft: Draft }) {
  const { t } = useWhere()
  const desk = useMemo((): Desk => {
    const link = linkTo(draft, () => t.authoring.problems.number)
    const copy = new WorkingCopy<WorkingFragment>(draft.id, snapshot(draft), link, sessionStorage)
    copy.notes = notesOf(data.publicationPreview?.warnings ?? [])
    return { copy, lists: data, writes: 'all', findOrganization: organizationFinder() }
  }, [draft.id])
  useEffect(() => desk.copy.receive(snapshot(draft)), [draft])
  useChanges(desk.copy)
  return (
    <DeskProvider value={{ ...desk, writes: writesOf(data, desk.copy.record) }}>
      <Whole />
    </DeskProvider>
  )
}

/** A guest, such as a colleague of the statistics office, writes what the project delivered and nothing else. */
function writesOf({ viewer }: PageEditQuery, { viewerCan, publisher }: WorkingFragment): Desk['writes'] {
  if (!viewerCan.includes('UPDATE')) return 'nothing'
  return viewer?.memberships.some(({ organization }) => organization.id === publisher.id) ? 'all' : 'outputs'
}

function Whole() {
  const { query } = useWhere()
  const { copy } = useDesk()
  useSaving()
  const section = copy.record.__typename === 'Project' ? sectionIn(query) : undefined
  useFocus(section, query.get('veld'))
  return <div class="plein-wrap plein-narrow">{section ? <Part section={section} /> : <Start />}</div>
}

/** Another section is another page to who reads it by ear: they begin at its heading, or at the field that they asked for. */
function useFocus(section: Section | undefined, field: string | null): void {
  const isFirst = useRef(true)
  useEffect(() => {
    const wanted = field && document.getElementById(idOf(field))
    if (wanted) wanted.focus()
    else if (!isFirst.current) {
      document.getElementById('kop')?.focus()
      scrollTo(0, 0)
    }
    isFirst.current = false
  }, [section, field])
}

/** The task list of a project, or the whole form of a lesson. */
function Start() {
  const { t } = useWhere()
  const words = t.authoring
  const { copy } = useDesk()
  const { record } = copy
  const title = copy.value('title') as string
  const isDiscarded = record.viewerCan.includes('RESTORE')
  return (
    <>
      <Breadcrumbs trail={[['/mijn', words.mine]]} />
      <H level={1} id="kop" tabIndex={-1} lang={record.contentLanguage.toLowerCase()}>
        {title || words.untitled}
      </H>
      <p class="plein-badges">
        <Badge tone={tones[record.state] ?? 'busy'}>{words.recordStates[record.state]}</Badge> <Badge>{record.publisher.name}</Badge>
      </p>
      <Before />
      {!isDiscarded && <Saved />}
      <Meanwhile />
      {record.__typename === 'Project' && !isDiscarded && <TaskList />}
      {record.__typename === 'Lesson' && !isDiscarded && (
        <Editable>
          <LessonForm />
        </Editable>
      )}
      {record.__typename === 'ProcessTemplate' && (
        <P>
          {words.templateElsewhere} <A to="/api">{words.templateApi}</A>
        </P>
      )}
      <Actions />
    </>
  )
}

const tones: Partial<Record<WorkingFragment['state'], 'good' | 'warn'>> = { PUBLISHED: 'good', CHANGES_REQUESTED: 'warn', WITHDRAWN: 'warn' }

/** What to know before one begins: the reviewer's note, that it is under review, or that it is only to be read. */
function Before() {
  const words = useWords()
  const { copy, writes } = useDesk()
  const { record } = copy
  if (writes !== 'all') {
    return (
      <Notice>
        <P>{record.viewerCan.includes('RESTORE') ? words.discarded : writes === 'outputs' ? words.guest : words.readOnly}</P>
      </Notice>
    )
  }
  if (record.state === 'CHANGES_REQUESTED') return <ReviewNote id={record.id} />
  if (record.state === 'IN_REVIEW') {
    return (
      <Notice title={words.inReview}>
        <P>{words.inReviewText}</P>
      </Notice>
    )
  }
  if (record.publicVersion > 0) return <P>{words.stillPublic}</P>
  return null
}

/** One section, with the way back and on. */
function Part({ section }: { section: Section }) {
  const words = useWords()
  const { copy, writes } = useDesk()
  const { id } = copy.record
  const Fields = parts[section]
  const at = sections.indexOf(section)
  return (
    <>
      <Breadcrumbs
        trail={[
          ['/mijn', words.mine],
          [sectionPath(id), (copy.value('title') as string) || words.untitled],
        ]}
      />
      <p class="plein-meta">{words.sectionNumber(at + 1, sections.length)}</p>
      <H level={1} id="kop" tabIndex={-1}>
        {words.sections[section]}
      </H>
      {writes !== 'all' && <P>{writes === 'outputs' ? words.guest : words.readOnly}</P>}
      <Saved />
      <Meanwhile section={section} />
      <Editable section={section}>
        <Fields />
      </Editable>
      <nav class="plein-steps" aria-label={words.sectionNav}>
        {at > 0 && <SectionLink section={sections[at - 1]}>← {words.sections[sections[at - 1]]}</SectionLink>}
        <SectionLink>{words.overview}</SectionLink>
        {at < sections.length - 1 && (
          <SectionLink section={sections[at + 1]} class="plein-steps__next">
            {words.sections[sections[at + 1]]} →
          </SectionLink>
        )}
      </nav>
    </>
  )
}

function Editable({ section, children }: { section?: Section; children: ComponentChildren }) {
  const { writes } = useDesk()
  const words = useWords()
  if (writes === 'all' || (writes === 'outputs' && section === 'producten')) return <>{children}</>
  return (
    <fieldset class="plein-editable" disabled aria-label={words.readOnly}>
      {children}
    </fieldset>
  )
}

/** What happened beside one's own typing: what was found in this browser, what somebody else changed, and what waits for a choice. */
function Meanwhile({ section }: { section?: Section }) {
  const { t, language } = useWhere()
  const words = t.authoring
  const { copy, lists } = useDesk()
  const conflicts = copy.conflicts().filter(({ key }) => section === undefined || sectionOf(key) !== section)
  const refused = Object.entries(copy.refused)
  const isProject = copy.record.__typename === 'Project'
  const lost = Object.entries(copy.lost)
  const taken = copy.taken.map((key) => nameOf(key, t))
  return (
    <div role="status">
      {(copy.isRestored || taken.length > 0) && (
        <Notice>
          {copy.isRestored && <P>{words.restored}</P>}
          {taken.length > 0 && (
            <P>
              {words.conflict.taken} {taken.join(', ')}.
            </P>
          )}
          <button type="button" class="plein-link" onClick={() => copy.acknowledge()}>
            {words.close}
          </button>
        </Notice>
      )}
      {refused.length > 0 && (
        <Notice tone="warn" title={words.refused(refused.length)}>
          <ul class="plein-ways">
            {refused.map(([key, message]) => (
              <li key={key}>
                <SectionLink section={isProject ? sectionOf(key) : undefined} field={key}>
                  {nameOf(key, t)}: {message}
                </SectionLink>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {conflicts.length > 0 && (
        <Notice tone="warn" title={words.conflict.waiting(conflicts.length)}>
          <ul class="plein-ways">
            {conflicts.map(({ key }) => (
              <li key={key}>
                <SectionLink section={isProject ? sectionOf(key) : undefined} field={key}>
                  {nameOf(key, t)}
                </SectionLink>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {lost.length > 0 && (
        <Notice tone="warn" title={words.conflict.lost}>
          {lost.map(([key, value]) => (
            <p key={key} class="plein-diff__line">
              <strong>{nameOf(key, t)}</strong>: {linesOf(key, value, lists, t, language).join(', ')}
            </p>
          ))}
          <button type="button" class="plein-link" onClick={() => copy.forget()}>
            {words.conflict.forget}
          </button>
        </Notice>
      )}
    </div>
  )
}
