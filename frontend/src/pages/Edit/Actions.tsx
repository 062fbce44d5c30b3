import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Outcome, Problem } from '../../features/authoring/copy'
import { useDesk } from '../../features/authoring/desk'
import { nameOf } from '../../features/authoring/describe'
import { carryOut } from '../../features/authoring/link'
import { sectionOf } from '../../features/authoring/sections'
import { Failed } from '../../features/Failed'
import { pathOf } from '../../features/records'
import { Told } from '../../features/Told'
import type { Failure } from '../../graphql/ask'
import { DiscardDocument, PublishDocument, RestoreDocument, SubmitDocument, type ViewerAction, type WorkingFragment } from '../../graphql/generated/graphql'
import { A, Button, ButtonLink, H, P } from '../../ui'
import { useWhere } from '../../where'
import { SectionLink } from './TaskList'

type Step = typeof SubmitDocument | typeof PublishDocument | typeof DiscardDocument | typeof RestoreDocument

/** What can be done with the working copy as a whole, by whom may do it. */
export function Actions() {
  const { t } = useWhere()
  const words = t.authoring.actions
  const { copy } = useDesk()
  const { record } = copy
  const [told, tell] = useState('')
  const [failure, setFailure] = useState<Failure>()
  const [problems, setProblems] = useState<Problem[]>([])
  const may = (action: ViewerAction) => record.viewerCan.includes(action)
  const at = `/publiceren/${record.id}`

  const take = async (step: Step, done: string) => {
    tell('')
    setFailure(undefined)
    setProblems([])
    await copy.flush()
    if (!copy.isSettled) {
      setProblems([{ key: '', message: words.unsaved }])
      return
    }
    const outcome: Outcome<WorkingFragment> = await copy.perform((revision) => carryOut(step, { input: { id: record.id, revision } }))
    if (outcome.kind === 'saved') tell(done)
    if (outcome.kind === 'stale') setProblems([{ key: '', message: words.stale }])
    if (outcome.kind === 'failed') setFailure(outcome.why)
    if (outcome.kind === 'refused') setProblems(outcome.problems)
  }

  return (
    <section aria-labelledby="verder">
      <H level={2} id="verder">
        {words.title}
      </H>
      <Told>{told}</Told>
      <Failed why={failure} />
      <Lacking of={problems} />
      <div class="plein-actions">
        {!may('RESTORE') && <ButtonLink to={`${at}/voorbeeld`}>{words.preview}</ButtonLink>}
        {may('RESTORE') && (
          <Button type="button" onClick={() => void take(RestoreDocument, words.restored)}>
            {words.restore}
          </Button>
        )}
        {may('SUBMIT') && (
          <Button type="button" onClick={() => void take(SubmitDocument, words.submitted)}>
            {words.submit}
          </Button>
        )}
        {may('REVIEW') && (
          <ButtonLink kind="primary" to={`${at}/beoordelen`}>
            {words.review}
          </ButtonLink>
        )}
      </div>
      {may('SUBMIT') && <P>{words.submitHint}</P>}
      {may('PUBLISH') && !may('REVIEW') && (
        <Confirmed label={words.publish} confirm={words.publishNow} onConfirm={() => take(PublishDocument, words.published)}>
          <P>{words.publishHint}</P>
        </Confirmed>
      )}
      <ul class="plein-ways">
        {record.publicVersion > 0 && (
          <li>
            <A to={pathOf(record)}>{words.public}</A>
          </li>
        )}
        {may('SHARE') && (
          <li>
            <A to={`${at}/delen`}>{words.share}</A>
          </li>
        )}
        {may('EMBARGO') && (
          <li>
            <A to={`${at}/embargo`}>{words.embargo}</A>
          </li>
        )}
        <li>
          <A to={`${at}/geschiedenis`}>{words.history}</A>
        </li>
        {(may('ARCHIVE') || may('WITHDRAW')) && (
          <li>
            <A to={`${at}/intrekken`}>{words.withdraw}</A>
          </li>
        )}
      </ul>
      {may('DISCARD') && (
        <Confirmed label={words.discard} confirm={words.discardNow} onConfirm={() => take(DiscardDocument, words.discarded)}>
          <P>{words.discardHint}</P>
        </Confirmed>
      )}
    </section>
  )
}

/** What stands in the way, each with the way to it. */
function Lacking({ of }: { of: Problem[] }) {
  const { t } = useWhere()
  const words = t.authoring
  const { copy } = useDesk()
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (of.length > 0) place.current?.focus()
  }, [of])
  const isLesson = copy.record.__typename === 'Lesson'
  return (
    <div role="alert" tabIndex={-1} ref={place} class={of.length > 0 ? 'plein-notice plein-notice--warn' : ''}>
      {of.length > 0 && (
        <>
          <p class="plein-notice__title">{words.actions.notYet}</p>
          <ul class="plein-ways">
            {of.map(({ key, message }) => (
              <li key={key + message}>
                {key ? (
                  <SectionLink section={isLesson ? undefined : sectionOf(key)} field={key}>
                    {nameOf(key, t)}: {message}
                  </SectionLink>
                ) : (
                  message
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

/** Something to think about before it is done: what happens is said first. */
function Confirmed({ label, confirm, onConfirm, children }: { label: string; confirm: string; onConfirm: () => Promise<void>; children: ComponentChildren }) {
  const { t } = useWhere()
  const [isOpen, setOpen] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const close = () => {
    setOpen(false)
    opener.current?.focus()
  }
  return (
    <div class="plein-confirm">
      <button type="button" ref={opener} class="plein-link" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {label}
      </button>
      {isOpen && (
        <div class="plein-notice plein-notice--warn">
          {children}
          <div class="plein-actions">
            <Button
              type="button"
              onClick={() => {
                setOpen(false)
                void onConfirm()
              }}
            >
              {confirm}
            </Button>
            <Button type="button" kind="secondary" onClick={close}>
              {t.authoring.cancel}
            </Button>
          </div>
        </div>
      )}
    </div>
  )
}
