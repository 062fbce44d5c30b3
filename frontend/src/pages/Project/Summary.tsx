import { addressOf } from '../../features/searching'
import { datum, getal, type Texts } from '../../taal'
import type { Language } from '../../routes'
import { A, Button, ButtonLink, Facts, H, List } from '../../ui'
import { Icon } from '../../ui/Icon'
import { useWhere } from '../../where'
import type { InFull } from './project'

/** The facts that say whether to read on. */
export function Summary({ project }: { project: InFull }) {
  const { t, language } = useWhere()
  const p = t.project
  const { municipalities, policyDomains, durationWeeks, effortDays, costEuro, aliases } = project
  return (
    <section class="plein-brief" aria-labelledby="kort">
      <H level={2} id="kort">
        {p.brief}
      </H>
      <Facts
        facts={[
          [p.status, t.phase[project.phase]],
          [p.places(municipalities.length), municipalities.length > 0 && <List of={municipalities.map((m) => <A to={`/gemeenten/${m.code}`}>{m.name}</A>)} />],
          [p.themes(policyDomains.length), policyDomains.length > 0 && <List of={policyDomains.map((d) => <A to={addressOf({ chosen: { thema: [d.id] } })}>{d.label}</A>)} />],
          [p.period, period(project, p, language)],
          [p.duration, durationWeeks !== null && p.weeks(durationWeeks)],
          [p.effort, effortDays !== null && p.days(getal(effortDays, language))],
          [p.cost, costEuro !== null && p.euro(getal(costEuro, language))],
          [p.aliases, aliases.join(', ')],
        ]}
      />
      <p class="plein-actions">
        <ButtonLink href="#contact">{p.contact}</ButtonLink>
        <Button type="button" kind="secondary" class="plein-scripted" onClick={() => window.print()}>
          <Icon name="print" />
          {p.print}
        </Button>
      </p>
    </section>
  )
}

function period({ startedOn, finishedOn }: InFull, p: Texts['project'], language: Language): string {
  const start = startedOn && datum(startedOn, language)
  const end = finishedOn && datum(finishedOn, language)
  if (start && end) return start === end ? start : p.between(start, end)
  return start ? p.from(start) : end ? p.until(end) : ''
}
