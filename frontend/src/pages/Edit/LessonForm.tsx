import { useState } from 'preact/hooks'
import { Checks, Radios } from '../../features/authoring/Choices'
import { offered, useDesk, useValue, useWords } from '../../features/authoring/desk'
import { findProjects } from '../../features/authoring/find'
import { Many } from '../../features/authoring/Many'
import { Markdown } from '../../features/authoring/Markdown'
import { Selection } from '../../features/authoring/Rows'
import { Day, Line } from '../../features/authoring/Text'
import { stepKey, stepOf } from '../../features/authoring/values'
import { H } from '../../ui'
import { useWhere } from '../../where'
import { Readers, Translation } from './Result'
import { useLang } from './Subject'

const kinds = ['DO', 'AVOID', 'OBSERVATION'] as const
const mostRoles = 10

/** Everything of a lesson on one page. */
export function LessonForm() {
  const { t } = useWhere()
  const { labels, hints, sections } = t.authoring
  const { lists, copy } = useDesk()
  const lang = useLang()
  return (
    <>
      <Line name="title" label={labels.lessonTitle} hint={hints.lessonTitle} lang={lang} />
      <Radios name="kind" label={labels.lessonKind} options={kinds.map((id) => ({ id, label: t.lessonKind[id], hint: t.authoring.lessonHints[id] }))} />
      <Markdown name="context" label={labels.context} hint={hints.context} lang={lang} rows={5} />
      <Markdown name="recommendation" label={labels.recommendation} hint={hints.recommendation} lang={lang} rows={5} />
      <Markdown name="consequence" label={labels.consequence} hint={hints.consequence} lang={lang} rows={4} />
      <Steps />
      <Checks name="roles" label={labels.roles} hint={hints.optional} most={mostRoles} groups={[{ options: offered(lists.roles, copy.value('roles') as string[]) }]} />
      <Many name="projects" label={labels.projects} hint={hints.projects} find={findProjects} />
      <Day name="reviewBy" label={labels.reviewBy} hint={hints.reviewBy} />
      <H level={2}>{sections.taal}</H>
      <Translation />
      <H level={2}>{sections.lezers}</H>
      <Readers />
    </>
  )
}

/** The steps in which the lesson bites: of one template, by what people call them. */
function Steps() {
  const words = useWords()
  const { lists } = useDesk()
  const { value, set, save } = useValue<string[]>('steps')
  const templates = lists.processTemplates.nodes.filter(({ current }) => current?.steps.length)
  const chosen = value.map(stepKey)
  const has = (template: (typeof templates)[number]) => chosen.every((key) => template.current!.steps.some((step) => step.key === key))
  const usual = templates.find((x) => chosen.length > 0 && has(x)) ?? templates.find((x) => x.provenance === 'STARTER') ?? templates[0]
  const [id, setId] = useState(usual?.id ?? '')
  const template = templates.find((x) => x.id === id)
  if (!template) return null
  const keys = template.current!.steps.map((step) => step.key)
  const toggle = (key: string) => {
    const next = chosen.includes(key) ? chosen.filter((x) => x !== key) : [...chosen, key]
    set(next.filter((x) => keys.includes(x)).map((x) => stepOf(id, x)))
    save()
  }
  return (
    <>
      {templates.length > 1 && (
        <Selection id="sjabloon" label={words.labels.template} hint={words.hints.template} options={templates.map((x) => ({ id: x.id, label: `${x.title} (${x.publisher.name})` }))} value={id} onType={setId} />
      )}
      <Checks name="steps" label={words.labels.steps} hint={words.hints.steps} values={chosen} onChange={toggle} groups={[{ options: template.current!.steps.map((step) => ({ id: step.key, label: step.title })) }]} />
    </>
  )
}
