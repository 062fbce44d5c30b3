import { pathOf } from '../../features/records'
import { addressOf } from '../../features/searching'
import { A, Facts, H, List } from '../../ui'
import { useWhere } from '../../where'
import type { InFull } from './project'

/** How the question was answered: the work, the data and the team. */
export function Approach({ project, lang }: { project: InFull; lang?: string }) {
  const { t } = useWhere()
  const p = t.project
  const { methods, targetGroups, geoLevel, complexity, template, sources, team } = project
  if (methods.length + targetGroups.length + sources.length + team.length === 0 && !geoLevel && !complexity && !template) return null
  return (
    <section aria-labelledby="aanpak">
      <H level={2} id="aanpak">
        {p.approach}
      </H>
      <Facts
        facts={[
          [p.methods(methods.length), methods.length > 0 && <List of={methods.map((m) => <A to={addressOf({ chosen: { methode: [m.id] } })}>{m.label}</A>)} />],
          [p.complexity, complexity && p.complexities[complexity]],
          [p.targetGroups(targetGroups.length), targetGroups.map((g) => g.label).join(', ')],
          [p.geoLevel, geoLevel?.label],
          [p.template, template?.template && <WayOfWorking number={template.number} template={template.template} />],
        ]}
      />
      {sources.length > 0 && (
        <>
          <H level={3}>{p.sources}</H>
          <Sources sources={sources} lang={lang} />
        </>
      )}
      {team.length > 0 && (
        <div class="plein-noprint">
          <H level={3}>{p.team}</H>
          <ul class="plein-seats">
            {team.map((m, i) => (
              <li key={i}>
                <strong>{m.role.label}</strong>
                {[m.label, m.unit, m.organization?.name].filter((x) => x).map((x) => ` · ${x}`)}
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  )
}

type Template = NonNullable<NonNullable<InFull['template']>['template']>

function WayOfWorking({ number, template }: { number: string; template: Template }) {
  const { t } = useWhere()
  return (
    <>
      <A to={`${pathOf(template)}/${number}`}>{t.project.templateVersion(template.title, number)}</A> {t.project.by(template.publisher.name)}
    </>
  )
}

/** On a narrow screen rows become blocks, with the names of the columns beside the values; the roles stay those of a table. */
function Sources({ sources, lang }: { sources: InFull['sources']; lang?: string }) {
  const { t } = useWhere()
  const p = t.project
  const isLinked = sources.some((s) => s.linkedWith.length > 0)
  const isNoted = sources.some((s) => s.note)
  return (
    <table class="plein-stack" role="table">
      <caption class="plein-hidden">{p.sourcesCaption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {[p.source, p.holder, p.access, isLinked && p.linkedWith, isNoted && p.note].map(
            (name) =>
              name && (
                <th key={name} role="columnheader" scope="col">
                  {name}
                </th>
              ),
          )}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {sources.map((s, i) => (
          <tr key={i} role="row">
            <th role="rowheader" scope="row">
              {s.source.catalogueUri ? <A href={s.source.catalogueUri}>{s.source.name}</A> : s.source.name}
              {s.source.isMicrodata && <small> ({p.microdata})</small>}
            </th>
            <td role="cell" data-label={p.holder}>
              {s.source.holder}
            </td>
            <td role="cell" data-label={p.access}>
              {s.accessRoute.label}
            </td>
            {isLinked && (
              <td role="cell" data-label={s.linkedWith.length > 0 ? p.linkedWith : undefined}>
                {s.linkedWith.map((l) => l.name).join(', ')}
              </td>
            )}
            {isNoted && (
              <td role="cell" data-label={s.note ? p.note : undefined} lang={lang}>
                {s.note}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
