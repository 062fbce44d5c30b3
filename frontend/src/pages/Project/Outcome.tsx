import { datum } from '../../taal'
import { Facts, H, Notice, P, Prose } from '../../ui'
import { useWhere } from '../../where'
import type { InFull } from './project'

/** What came out, or why there is nothing to tell (yet). */
export function Outcome({ project, lang }: { project: InFull; lang?: string }) {
  return (
    <>
      <Stopped project={project} />
      <Embargo project={project} lang={lang} />
      <Answer project={project} lang={lang} />
    </>
  )
}

function Stopped({ project }: { project: InFull }) {
  const { t } = useWhere()
  if (project.phase !== 'STOPPED') return null
  return (
    <Notice tone="warn" title={t.project.stopped}>
      {project.stopReason && (
        <P>
          {t.project.stoppedBecause}: {project.stopReason.label}.
        </P>
      )}
      <P>{t.project.stoppedStill}</P>
    </Notice>
  )
}

/** An embargo that holds: what everybody may know of it and nothing more. */
function Embargo({ project: { embargo }, lang }: { project: InFull; lang?: string }) {
  const { t, language } = useWhere()
  if (embargo?.state !== 'ACTIVE' || embargo.scope === 'WHOLE_RECORD') return null
  const e = t.project.embargo
  return (
    <Notice tone="warn" title={embargo.scope === 'OUTPUTS' ? e.titleOutputs : e.title}>
      <Facts
        facts={[
          [e.ground, embargo.ground.label],
          [e.waitsFor, embargo.waitsFor && <span lang={lang}>{embargo.waitsFor}</span>],
          [e.until, embargo.until && datum(embargo.until, language)],
        ]}
      />
      {embargo.until && <P>{e.after}</P>}
    </Notice>
  )
}

/** That others had to wait too is worth knowing for who plans the same. */
export function EndedEmbargo({ project: { embargo }, lang }: { project: InFull; lang?: string }) {
  const { t, language } = useWhere()
  if (!embargo || embargo.state === 'ACTIVE') return null
  const e = t.project.embargo
  const end = embargo.liftedAt ?? embargo.until
  return (
    <section class="plein-noprint" aria-labelledby="embargo">
      <H level={2} id="embargo">
        {e.ended}
      </H>
      <P>{e.endedText}</P>
      <Facts
        facts={[
          [e.ground, embargo.ground.label],
          [e.waitedFor, embargo.waitsFor && <span lang={lang}>{embargo.waitsFor}</span>],
          [e.until, end && datum(end, language)],
        ]}
      />
    </section>
  )
}

function Answer({ project, lang }: { project: InFull; lang?: string }) {
  const { t } = useWhere()
  const waiting = t.project.noAnswerIn[project.phase]
  if (project.answer) {
    return (
      <section aria-labelledby="antwoord">
        <H level={2} id="antwoord">
          {t.project.answer}
        </H>
        <div class="plein-answer" lang={lang}>
          <Prose html={project.answer} />
        </div>
      </section>
    )
  }
  if (!waiting || project.embargo?.state === 'ACTIVE') return null
  return (
    <section aria-labelledby="antwoord">
      <H level={2} id="antwoord">
        {t.project.noAnswer}
      </H>
      <P>{waiting}</P>
    </section>
  )
}
