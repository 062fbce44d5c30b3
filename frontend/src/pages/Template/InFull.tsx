import type { ComponentChildren } from 'preact'
import { Origin } from '../../features/Origin'
import { langOf } from '../../features/records'
import { Overview, StepInFull, Team } from '../../features/Way'
import type { TemplateInFullFragment } from '../../graphql/generated/graphql'
import { A, H, P } from '../../ui'
import { useWhere } from '../../where'

/**
 * A way of working as its page tells of it: `now` stands beside its overview, and the step with an index can have more below it. Its title
 * has the level that the page around it leaves.
 */
export function TemplateInFull({ template, level = 1, now, children }: { template: TemplateInFullFragment; level?: 1 | 2; now?: ComponentChildren; children?: (step: number) => ComponentChildren }) {
  const { t, language } = useWhere()
  const lang = langOf(template, language)
  return (
    <>
      <H level={level} lang={lang}>
        {template.title}
      </H>
      <p class="plein-meta">
        {t.kind.ProcessTemplate} · <A to={'/udc/' + template.publisher.slug}>{template.publisher.name}</A>
        {template.number && ` · ${t.template.version(template.number)}`}
      </p>
      <Origin of={template} />
      <div class="plein-columns">
        <div>
          {template.summary && (
            <P lead lang={lang}>
              {template.summary}
            </P>
          )}
          {template.roles.length > 0 && (
            <>
              <H level={2}>{t.template.team}</H>
              <Team of={template.roles} />
            </>
          )}
          <H level={2}>{t.template.overview}</H>
          {template.steps.length > 0 ? (
            <>
              <P>{t.template.overviewText}</P>
              <Overview steps={template.steps} lang={lang} />
            </>
          ) : (
            <P>{t.template.noSteps}</P>
          )}
        </div>
        {now}
      </div>
      {template.steps.length > 0 && (
        <>
          <H level={2}>{t.template.inFull}</H>
          <P>{t.template.inFullText}</P>
          {template.steps.map((step, i) => (
            <StepInFull key={step.key} step={step} among={template.steps} lang={lang}>
              {children?.(i)}
            </StepInFull>
          ))}
        </>
      )}
    </>
  )
}
