import { notFound } from '../../features/gone'
import { useDone } from '../../features/Told'
import { PageEmbargoDocument, type PageEmbargoQuery } from '../../graphql/generated/graphql'
import { page } from '../../page'
import { datum, tijd } from '../../taal'
import { A, Breadcrumbs, Facts, H, Notice, P } from '../../ui'
import { useWhere } from '../../where'
import { Extend, Lift, Place } from './Decide'

export type Draft = Extract<NonNullable<PageEmbargoQuery['draft']>, { embargo?: unknown }>
type Embargo = NonNullable<Draft['embargo']>

export default page({
  document: PageEmbargoDocument,
  variables: ({ params }) => ({ id: params.id }),
  shows: (data, where) => {
    if (!data.draft || !('embargo' in data.draft)) return notFound(where)
    const draft = data.draft as Draft
    return { title: `${where.t.embargo.title} – ${draft.title}`, hidden: true, body: <Whole draft={draft} grounds={data.grounds} /> }
  },
})

function Whole({ draft, grounds }: { draft: Draft; grounds: PageEmbargoQuery['grounds'] }) {
  const { t, language } = useWhere()
  const words = t.embargo
  const [told, done] = useDone()
  const { embargo } = draft
  const holds = embargo?.state === 'ACTIVE' ? embargo : undefined
  const mayDecide = draft.viewerCan.includes('EMBARGO')
  return (
    <div class="plein-wrap plein-narrow">
      <Breadcrumbs trail={[['/mijn', t.frame.mine], [`/publiceren/${draft.id}`, draft.title]]} />
      <H level={1}>{words.title}</H>
      {told}
      <P lead>{words.lead}</P>
      <ul class="plein-ways">
        {words.facts.map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
      {holds && (
        <Notice title={words.holds(datum(holds.until!, language), tijd(holds.until!))}>
          <p>{words.scopes[holds.scope].label}</p>
        </Notice>
      )}
      {mayDecide && holds && (
        <>
          <Extend draft={draft} until={holds.until!} done={done} />
          <Lift draft={draft} done={done} />
        </>
      )}
      {mayDecide && !holds && <Place draft={draft} grounds={grounds.filter((g) => !g.isDeprecated)} done={done} />}
      {!mayDecide && <P>{words.notYours}</P>}
      {embargo && <Past embargo={embargo} />}
      <p class="plein-actions">
        <A to={`/publiceren/${draft.id}`}>{words.back}</A>
      </p>
    </div>
  )
}

/** What is known of the embargo that holds, or of the last one. */
function Past({ embargo }: { embargo: Embargo }) {
  const { t, language } = useWhere()
  const words = t.embargo
  return (
    <section aria-labelledby="verloop">
      <H level={2} id="verloop">
        {words.course}
      </H>
      <Facts
        facts={[
          [words.past.covers, words.scopes[embargo.scope].label],
          [words.past.ground, embargo.ground.label],
          [words.past.waitsFor, embargo.waitsFor],
          [words.past.reason, embargo.reason],
        ]}
      />
      <ol class="plein-timeline">
        {embargo.history?.map(({ kind, at, until, reason }) => (
          <li key={kind + at}>
            <H level={3} class="plein-timeline__what">
              {words.changes[kind]}
            </H>
            <p class="plein-meta">
              <time dateTime={at}>{words.at(datum(at, language), tijd(at))}</time>
              {until && (kind === 'PLACED' || kind === 'EXTENDED') && `, ${words.untilMoment(datum(until, language), tijd(until))}`}
            </p>
            {reason && <P>{reason}</P>}
          </li>
        ))}
      </ol>
    </section>
  )
}
