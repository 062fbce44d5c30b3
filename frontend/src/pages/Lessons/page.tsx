import { Card } from '../../features/Card'
import { More } from '../../features/More'
import { addressOf } from '../../features/searching'
import { PageLessonsDocument, type PageLessonsQuery } from '../../graphql/generated/graphql'
import { page } from '../../page'
import type { Match } from '../../routes'
import { A, Button, H, List, P } from '../../ui'
import { Icon } from '../../ui/Icon'
import { useWhere } from '../../where'

/** What the list is narrowed by, as the address has it. */
const chosenIn = ({ query }: Pick<Match, 'query'>) => ({
  step: (query.get('stap') ?? '').slice(0, 60),
  role: (query.get('rol') ?? '').slice(0, 100),
  after: (query.get('na') ?? '').slice(0, 500),
})

export default page({
  document: PageLessonsDocument,
  variables: (where) => {
    const { step, role, after } = chosenIn(where)
    return { step: step || null, role: role || null, after: after || null }
  },
  shows: (data, where) => {
    const { t } = where
    const { step } = chosenIn(where)
    const feed = addressOf({ chosen: { soort: ['LESSON'], ...(step && { stap: [step] }) } }, '/zoeken.atom')
    return {
      title: t.lesson.all,
      description: t.lesson.what,
      feed,
      body: <Whole data={data} feed={feed} />,
    }
  },
})

function address(step: string, role: string, after = ''): string {
  const query = new URLSearchParams()
  if (step) query.append('stap', step)
  if (role) query.append('rol', role)
  if (after) query.append('na', after)
  const text = query.toString()
  return '/lessen' + (text && '?' + text)
}

function Whole({ data: { lessons, search, concepts }, feed }: { data: PageLessonsQuery; feed: string }) {
  const where = useWhere()
  const { t } = where
  const { step, role } = chosenIn(where)
  const isNarrowed = step !== '' || role !== ''
  return (
    <div class="plein-wrap">
      <H level={1}>{t.lesson.all}</H>
      <P lead>{t.lesson.what}</P>
      <Narrow steps={search.facets[0]?.buckets ?? []} roles={concepts} />
      <p class="plein-meta" role="status">
        {t.lesson.found(lessons.totalCount)}
        {isNarrowed && (
          <>
            {' · '}
            <A to="/lessen">{t.lesson.clear}</A>
          </>
        )}
      </p>
      {lessons.nodes.length === 0 &&
        (isNarrowed ? (
          <P>{t.lesson.none}</P>
        ) : (
          <P>
            {t.lesson.empty} <A to="/projecten">{t.lesson.toProjects}</A>
          </P>
        ))}
      <ul class="plein-cards">
        {lessons.nodes.map((lesson) => (
          <li key={lesson.id}>
            <Card record={lesson} level={2}>
              {lesson.stepsInFull.length > 0 && (
                <p class="plein-meta">
                  {t.lesson.atSteps}{' '}
                  <List
                    of={lesson.stepsInFull.map((s) => (
                      <A key={s.key} to={address(s.key, '')}>
                        {s.title}
                      </A>
                    ))}
                  />
                </p>
              )}
            </Card>
          </li>
        ))}
      </ul>
      <More info={lessons.pageInfo} next={t.lesson.next} start={t.lesson.start} address={(after) => address(step, role, after)} />
      <p>
        <a class="nl-link" href={where.href(feed)}>
          <Icon name="feed" /> {t.lesson.feed}
        </a>
      </p>
    </div>
  )
}

function Narrow({ steps, roles }: { steps: { value: string; label: string; count: number }[]; roles: { id: string; label: string }[] }) {
  const where = useWhere()
  const { t, href, go } = where
  const { step, role } = chosenIn(where)
  const known = steps.map((s): [string, string] => [s.value, t.lesson.counted(s.label, s.count)])
  const send = (event: Event) => {
    if (!go) return
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    go(href(address(String(form.get('stap')), String(form.get('rol')))))
  }
  return (
    <form class="plein-choice" autocomplete="off" action={href('/lessen')} onSubmit={send}>
      <Select name="stap" label={t.lesson.step} every={t.lesson.everyStep} chosen={step} options={known} />
      <Select name="rol" label={t.lesson.role} every={t.lesson.everyRole} chosen={role} options={roles.map((r): [string, string] => [r.id, r.label])} />
      <Button type="submit" kind="secondary">
        {t.lesson.show}
      </Button>
    </form>
  )
}

/** A list to choose one of; what the address names stays chosen, also when the list does not know it. */
function Select({ name, label, every, chosen, options }: { name: string; label: string; every: string; chosen: string; options: [value: string, label: string][] }) {
  const all = chosen && !options.some(([value]) => value === chosen) ? [...options, [chosen, chosen]] : options
  return (
    <p>
      <label for={name}>{label}</label>
      <select id={name} name={name}>
        <option value="">{every}</option>
        {all.map(([value, text]) => (
          <option key={value} value={value} selected={value === chosen}>
            {text}
          </option>
        ))}
      </select>
    </p>
  )
}
