import type { ComponentChildren } from 'preact'
import type { MinimalTeamFragment, Raci, StepInFullFragment } from '../graphql/generated/graphql'
import { A, H, List, names, P, Prose } from '../ui'
import { useWhere } from '../where'

/** The seats that a project cannot do without. */
export function Team({ of }: { of: MinimalTeamFragment[] }) {
  const { t } = useWhere()
  return (
    <ul class="plein-team">
      {of.map(({ role, minimum }) => (
        <li key={role.id}>{t.template.seat(minimum, role.label)}</li>
      ))}
    </ul>
  )
}

/** What tells where a step has its place among the others. */
export type Placed = Pick<StepInFullFragment, 'key' | 'position' | 'startsAfter' | 'parallelWith'>

const isBeside = (a: Placed, b: Placed | undefined) => !!b && (a.parallelWith.includes(b.key) || b.parallelWith.includes(a.key))

/** When a step is done, in words; without them it follows from nothing and is done once. */
function When({ step, among }: { step: StepInFullFragment; among: Placed[] }) {
  const { t } = useWhere()
  const after = among.filter((s) => step.startsAfter.includes(s.key)).map((s) => s.position)
  const beside = among.filter((s) => isBeside(step, s)).map((s) => s.position)
  const words = [
    after.length > 0 ? t.template.after(after) : step.position === 1 && t.template.first,
    beside.length > 0 && t.template.parallel(beside),
    step.iterative && t.template.iterative,
    step.optional && t.template.optional,
    step.guideDays && t.template.days(step.guideDays),
  ].filter(Boolean)
  return words.length > 0 ? <p class="plein-meta">{words.join(' · ')}</p> : null
}

/** The steps as a list that shows which of them go side by side. */
export function Overview({ steps, lang }: { steps: StepInFullFragment[]; lang?: string }) {
  return (
    <ol class="plein-way">
      {steps.map((step, i) => (
        <li key={step.key} class={names((isBeside(step, steps[i - 1]) || isBeside(step, steps[i + 1])) && 'plein-way__beside')}>
          <span class="plein-way__number">{step.position}</span>
          <div>
            <A href={'#stap-' + step.key} lang={lang}>
              {step.title}
            </A>
            <When step={step} among={steps} />
          </div>
        </li>
      ))}
    </ol>
  )
}

/** A step: what it is for, what to look out for and who does what. */
export function StepInFull({ step, among, lang, children }: { step: StepInFullFragment; among: Placed[]; lang?: string; children?: ComponentChildren }) {
  const { t } = useWhere()
  return (
    <section class="plein-step" id={'stap-' + step.key} aria-labelledby={'kop-' + step.key}>
      <H level={3} id={'kop-' + step.key}>
        <span class="plein-step__number">{t.template.step(step.position)}</span> <span lang={lang}>{step.title}</span>
      </H>
      <When step={step} among={among} />
      <div class="plein-columns">
        <div>
          <Prose html={step.purpose} lang={lang} />
          {step.checklist.length > 0 && (
            <>
              <H level={4}>{t.template.checklist}</H>
              <ul class="plein-checks">
                {step.checklist.map((check) => (
                  <li key={check.key}>
                    <span lang={lang}>{check.text}</span>
                    {check.required && <strong> ({t.template.required})</strong>}
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
        <div>
          <RaciTable of={step.raci} />
          {step.deliverables.length > 0 && (
            <>
              <H level={4}>{t.template.deliverables}</H>
              <P>
                <List of={step.deliverables.map((d) => d.label)} />
              </P>
            </>
          )}
          {children}
        </div>
      </div>
    </section>
  )
}

const racis: Raci[] = ['RESPONSIBLE', 'ACCOUNTABLE', 'CONSULTED', 'INFORMED']

function RaciTable({ of }: { of: StepInFullFragment['raci'] }) {
  const { t } = useWhere()
  if (of.length === 0) return null
  return (
    <table class="plein-raci">
      <caption>{t.template.who}</caption>
      <tbody>
        {racis.map((raci) => {
          const roles = of.filter((x) => x.raci === raci).map((x) => x.role.label)
          return (
            roles.length > 0 && (
              <tr key={raci}>
                <th scope="row">{t.template.raci[raci]}</th>
                <td>{roles.join(', ')}</td>
              </tr>
            )
          )
        })}
      </tbody>
    </table>
  )
}
