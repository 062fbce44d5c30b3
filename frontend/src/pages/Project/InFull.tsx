import type { ComponentChildren } from 'preact'
import { Origin } from '../../features/Origin'
import { langOf, toneOf } from '../../features/records'
import { A, Badge, H, names, P, Prose } from '../../ui'
import { useWhere } from '../../where'
import { Approach } from './Approach'
import { Contacts } from './Contacts'
import { EndedEmbargo, Outcome } from './Outcome'
import type { InFull } from './project'
import { Outputs, Uses } from './Results'
import { BasedOn } from './Reuse'
import { Summary } from './Summary'

/**
 * A project as its page tells of it: below its story what else there is to read, and at its foot the facts of its
 * publication. Its title has the level that the page around it leaves.
 */
export function ProjectInFull({ project, level = 1, foot, children }: { project: InFull; level?: 1 | 2; foot: ComponentChildren; children?: ComponentChildren }) {
  const { language } = useWhere()
  const lang = langOf(project, language)
  return (
    <article class="plein-project">
      <Opening project={project} level={level} lang={lang} />
      <Summary project={project} />
      <div class="plein-project__story">
        <Outcome project={project} lang={lang} />
        <Occasion project={project} lang={lang} />
        <Approach project={project} lang={lang} />
        <BasedOn project={project} lang={lang} />
        <Outputs project={project} lang={lang} />
        <Uses project={project} lang={lang} />
        <EndedEmbargo project={project} lang={lang} />
        {children}
      </div>
      <div class="plein-project__more">
        <Contacts project={project} />
        <div>{foot}</div>
      </div>
      <p class="plein-address">
        {project.uri} · {project.license.label}
      </p>
    </article>
  )
}

function Opening({ project, level, lang }: { project: InFull; level: 1 | 2; lang?: string }) {
  const { t } = useWhere()
  const { publisher, question, summary, phase, goodFirstProject } = project
  return (
    <div class="plein-project__opening">
      <p class="plein-meta">
        {t.project.of} <A to={`/udc/${publisher.slug}`}>{publisher.name}</A>
      </p>
      <H level={level} lang={lang} class={names(question && 'plein-project__title')}>
        {project.title}
      </H>
      {question && (
        <p class="plein-question" lang={lang}>
          {question}
        </p>
      )}
      <ul class="plein-badges">
        <li>
          <Badge tone={toneOf(phase)}>{t.phase[phase]}</Badge>
        </li>
        {goodFirstProject && (
          <li>
            <Badge tone="good">{t.project.goodFirst}</Badge>
          </li>
        )}
      </ul>
      {summary && (
        <P lead lang={lang}>
          {summary}
        </P>
      )}
      <Origin of={project} />
    </div>
  )
}

function Occasion({ project, lang }: { project: InFull; lang?: string }) {
  const { t } = useWhere()
  if (!project.occasion) return null
  return (
    <section class="plein-noprint" aria-labelledby="aanleiding">
      <H level={2} id="aanleiding">
        {t.project.occasion}
      </H>
      <div lang={lang}>
        <Prose html={project.occasion} />
      </div>
    </section>
  )
}
