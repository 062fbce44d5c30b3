import { elsewhere } from '../../features/elsewhere'
import { notFound } from '../../features/gone'
import { Origin } from '../../features/Origin'
import { langOf, pathOf } from '../../features/records'
import { StepInFull, Team } from '../../features/Way'
import { PageVersionDocument, type PageVersionQuery } from '../../graphql/generated/graphql'
import { page } from '../../page'
import type { Match } from '../../routes'
import { datum, type Texts } from '../../taal'
import { A, Breadcrumbs, Button, Facts, H, Notice, P, Prose } from '../../ui'
import { useWhere } from '../../where'
import { Difference } from './Difference'

type Template = Extract<NonNullable<NonNullable<PageVersionQuery['address']>['record']>, { __typename: 'ProcessTemplate' }>
type Version = NonNullable<Template['version']>

const againstIn = (query: Match['query']) => (query.get('vergelijk') ?? '').slice(0, 100)

export default page({
  document: PageVersionDocument,
  variables: ({ params, query }) => ({
    path: `/sjablonen/${params.publisher}/${params.slug}`,
    number: params.number,
    against: againstIn(query),
    comparing: againstIn(query) !== '',
  }),
  shows: ({ address }, where) => {
    const other = elsewhere(address, where, '/' + where.params.number)
    const template = address?.record
    if (other || template?.__typename !== 'ProcessTemplate' || !template.version) return other ?? notFound(where)
    const { t, params, query } = where
    const against = othersOf(template, params.number, t).find((o) => o.value === againstIn(query))
    return {
      title: against ? t.template.comparedTitle(template.title, params.number, against.short) : t.template.documentTitle(template.title, params.number),
      body: <Whole template={template} version={template.version} number={params.number} against={against} />,
    }
  },
})

/** A version to compare with. */
interface Other {
  /** What the address says. */
  value: string
  /** What the list of versions says, and what a sentence says. */
  label: string
  short: string
  roles?: Version['roles']
}

/** The versions to compare with: the others of the same template, last first, and the one that it began as. */
function othersOf({ versions, forkedFrom }: Template, number: string, t: Texts): Other[] {
  const others: Other[] = versions.nodes
    .filter((v) => v.number !== number)
    .map((v) => ({ value: v.number, label: t.template.versionNamed(v.number), short: t.template.versionNamed(v.number), roles: v.roles }))
  if (!forkedFrom) return others
  const { id, template, number: began, roles } = forkedFrom
  const label = template ? t.template.original(template.title, began, template.publisher.name) : t.template.originalHidden(began)
  return [...others, { value: id, label, short: t.template.theOriginal, roles }]
}

/** The version before it, else the one that it began as, else whichever there is. */
function usualOf(others: Other[], { versions, forkedFrom }: Template, number: string): string | undefined {
  const at = versions.nodes.findIndex((v) => v.number === number)
  return versions.nodes[at + 1]?.number ?? forkedFrom?.id ?? others[0]?.value
}

function Whole({ template, version, number, against }: { template: Template; version: Version; number: string; against?: Other }) {
  const { t, language, path, query } = useWhere()
  const lang = langOf(template, language)
  const others = othersOf(template, number, t)
  const diff = against && template.compared?.diff
  return (
    <article class="plein-wrap">
      <Breadcrumbs
        trail={[
          ['/sjablonen', t.template.all],
          [pathOf(template), template.title],
        ]}
      />
      <H level={1}>
        <span lang={lang}>{template.title}</span>, {t.template.versionNamed(number)}
      </H>
      <Origin of={template} />
      <Notice>
        {template.number === number ? (
          <P>
            {t.template.isCurrent} <A to={pathOf(template)}>{t.template.toTemplate}</A>
          </P>
        ) : (
          <P>
            {t.template.frozen(number)} {template.number && <A to={pathOf(template)}>{t.template.toCurrent(template.number)}</A>}
          </P>
        )}
      </Notice>
      <Facts
        facts={[
          [t.template.publisher, <A to={'/udc/' + template.publisher.slug}>{template.publisher.name}</A>],
          [t.template.since, version.publishedAt && datum(version.publishedAt, language)],
          [t.template.whatIsNew, version.changeNote && <Prose html={version.changeNote} lang={lang} />],
          [t.template.address, <A href={version.uri}>{version.uri}</A>],
        ]}
      />
      {againstIn(query) && !diff && (
        <Notice tone="warn">
          <P>{t.template.notComparable}</P>
        </Notice>
      )}
      <Choice others={others} chosen={against?.value ?? usualOf(others, template, number)} />
      {diff && (
        <>
          <P>
            <A to={path}>{t.template.stopComparing}</A>
          </P>
          <Difference title={t.template.differences(number, against.short)} steps={diff} teams={[against.roles ?? [], version.roles]} lang={lang} />
        </>
      )}
      {!againstIn(query) && <Steps version={version} lang={lang} />}
    </article>
  )
}

/** The form that chooses a version to compare with. */
function Choice({ others, chosen }: { others: Other[]; chosen?: string }) {
  const { t, href, path } = useWhere()
  if (others.length === 0) return <P>{t.template.onlyVersion}</P>
  return (
    <form class="plein-choice" autocomplete="off" action={href(path)} aria-label={t.template.compare}>
      <p>
        <label for="vergelijk">{t.template.compareWith}</label>
        <select id="vergelijk" name="vergelijk">
          {others.map((o) => (
            <option key={o.value} value={o.value} selected={o.value === chosen}>
              {o.label}
            </option>
          ))}
        </select>
      </p>
      <Button type="submit" kind="secondary">
        {t.template.compareDo}
      </Button>
    </form>
  )
}

function Steps({ version: { roles, steps = [] }, lang }: { version: Version; lang?: string }) {
  const { t } = useWhere()
  return (
    <>
      {roles.length > 0 && (
        <>
          <H level={2}>{t.template.team}</H>
          <Team of={roles} />
        </>
      )}
      <H level={2}>{t.template.inFull}</H>
      {steps.length === 0 && <P>{t.template.noSteps}</P>}
      {steps.map((step) => (
        <StepInFull key={step.key} step={step} among={steps} lang={lang} />
      ))}
    </>
  )
}
