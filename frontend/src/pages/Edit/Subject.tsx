import type { ChoiceFragment } from '../../graphql/generated/graphql'
import { Checks, Choose, Flag, Radios, type OptionGroup } from '../../features/authoring/Choices'
import { offered, useDesk, useWords, type Lists } from '../../features/authoring/desk'
import { findMunicipalities } from '../../features/authoring/find'
import { Many } from '../../features/authoring/Many'
import { Markdown } from '../../features/authoring/Markdown'
import { Line, Lines, List } from '../../features/authoring/Text'

const mostThemes = 3
const most = 10

/** The language of the record's own texts. */
export function useLang(): string {
  return useDesk().copy.record.contentLanguage.toLowerCase()
}

/** The question and how it arose. */
export function Question() {
  const { labels, hints } = useWords()
  const lang = useLang()
  return (
    <>
      <Lines name="question" label={labels.question} hint={hints.question} lang={lang} />
      <Line name="title" label={labels.title} hint={hints.title} lang={lang} />
      <Lines name="summary" label={labels.summary} hint={hints.summary} lang={lang} rows={4} />
      <Markdown name="occasion" label={labels.occasion} hint={hints.occasion} lang={lang} />
      <List name="aliases" label={labels.aliases} hint={hints.aliases} />
      <List name="sourceLinks" label={labels.sourceLinks} hint={hints.sourceLinks} />
    </>
  )
}

/** What, whom and which places it is about. */
export function Subject() {
  const { labels, hints, noChoice } = useWords()
  const { lists, copy } = useDesk()
  const chosen = copy.value('targetGroups') as string[]
  return (
    <>
      <Checks name="policyDomains" label={labels.policyDomains} hint={hints.policyDomains} most={mostThemes} groups={themes(lists, copy.value('policyDomains') as string[])} />
      <Many name="municipalities" label={labels.municipalities} hint={hints.municipalities} find={findMunicipalities} />
      <Checks name="targetGroups" label={labels.targetGroups} hint={hints.targetGroups} most={most} groups={[{ options: offered(lists.targetGroups, chosen) }]} />
      <Radios name="geoLevel" label={labels.geoLevel} hint={hints.geoLevel} options={offered(lists.geoLevels, [copy.value('geoLevel') as string])} none={noChoice} />
    </>
  )
}

/** Main themes with their subthemes. */
function themes({ domains }: Lists, chosen: string[]): OptionGroup[] {
  const all = offered(domains, chosen) as Lists['domains']
  const below = (id: string): ChoiceFragment[] => all.filter(({ broader }) => broader?.id === id)
  return all.filter(({ broader }) => !broader).map((main) => ({ label: main.label, options: [main, ...below(main.id)] }))
}

/** How the question is or was answered. */
export function Approach() {
  const { labels, hints, complexities, noChoice, noTemplate } = useWords()
  const { lists, copy } = useDesk()
  const templates = lists.processTemplates.nodes.flatMap(({ title, publisher, current }) => (current ? [{ id: current.id, label: `${title} ${current.number} (${publisher.name})` }] : []))
  const own = copy.value('templateVersion') as string
  const { record } = copy
  const followed = record.__typename === 'Project' && record.template
  // An older version of a template, or one that is not public, stays possible where it is followed.
  if (followed && own === followed.id && !templates.some(({ id }) => id === own)) templates.push({ id: own, label: `${followed.template?.title ?? ''} ${followed.number}` })
  return (
    <>
      <Checks name="methods" label={labels.methods} hint={hints.methods} most={most} groups={[{ options: offered(lists.methods, copy.value('methods') as string[]) }]} />
      <Radios name="complexity" label={labels.complexity} hint={hints.complexity} none={noChoice} options={(['SIMPLE', 'MODERATE', 'ADVANCED'] as const).map((id) => ({ id, label: complexities[id] }))} />
      <Flag name="goodFirstProject" label={labels.goodFirstProject} hint={hints.goodFirstProject} />
      <Choose name="templateVersion" label={labels.templateVersion} hint={hints.templateVersion} options={templates} none={noTemplate} />
      <Line name="effortDays" label={labels.effortDays} hint={hints.effortDays} inputMode="decimal" maxLength={10} />
      <Line name="costEuro" label={labels.costEuro} hint={hints.costEuro} inputMode="numeric" maxLength={10} />
    </>
  )
}
