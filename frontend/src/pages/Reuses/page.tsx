import type { ComponentChildren } from 'preact'
import { useDecision } from '../../features/deciding'
import { Failed } from '../../features/Failed'
import { notFound } from '../../features/gone'
import { More } from '../../features/More'
import { RecordLink } from '../../features/RecordLink'
import { langOf, pathOf } from '../../features/records'
import { useDone } from '../../features/Told'
import { PageReusesDocument, ReuseHideDocument, type PageReusesQuery, type RepetitionFragment } from '../../graphql/generated/graphql'
import { page } from '../../page'
import { A, Breadcrumbs, Button, H, P, Prose } from '../../ui'
import { errorAt, Errors, Field } from '../../ui/Field'
import { useWhere } from '../../where'

type Project = Extract<NonNullable<PageReusesQuery['node']>, { __typename: 'Project' }>

export default page({
  document: PageReusesDocument,
  variables: ({ params, query }) => ({ id: params.id, after: query.get('na') }),
  shows: ({ node }, where) => {
    if (node?.__typename !== 'Project' || !node.hiddenReuses) return notFound(where)
    return { title: where.t.reuse.reuses.title, hidden: true, body: <Reuses project={node} hidden={node.hiddenReuses} gone={node.hiddenGone ?? []} /> }
  },
})

/** The projects that say that they were made after this one, for who decides which are shown with it. */
function Reuses({ project, hidden, gone }: { project: Project; hidden: RepetitionFragment[]; gone: NonNullable<Project['hiddenGone']> }) {
  const { t, path, query } = useWhere()
  const words = t.reuse.reuses
  const [told, done] = useDone()
  const { nodes, totalCount, pageInfo } = project.reusedBy
  const at = (after: string) => (after ? `${path}?na=${encodeURIComponent(after)}` : path)
  const say = (what: string) => done(what, at(query.get('na') ?? ''))
  return (
    <div class="plein-wrap plein-narrow">
      <Breadcrumbs trail={[[pathOf(project), project.title]]} />
      <H level={1}>{words.title}</H>
      <P lead>{words.lead}</P>
      {told}
      <H level={2}>{words.shown(totalCount)}</H>
      {totalCount === 0 && (
        <P>
          {words.none} <A to={pathOf(project)}>{words.toProject}</A>
        </P>
      )}
      <ul class="plein-tasks">
        {nodes.map((one) => (
          <li key={one.id}>
            <Repetition of={one}>
              <Hide of={one} onDone={say} />
            </Repetition>
          </li>
        ))}
      </ul>
      <More info={pageInfo} next={words.next} start={words.first} address={at} />
      {hidden.length + gone.length > 0 && (
        <>
          <H level={2}>{words.hidden(hidden.length + gone.length)}</H>
          <ul class="plein-tasks">
            {hidden.map((one) => (
              <li key={one.id}>
                <Repetition of={one}>
                  <Show id={one.id} title={one.from.title} onDone={say} />
                </Repetition>
              </li>
            ))}
            {gone.map(({ id, uri }) => (
              <li key={id}>
                <div>
                  <H level={3} class="plein-tasks__name">
                    {uri}
                  </H>
                  <p class="plein-meta">{words.gone}</p>
                  <Show id={id} title={uri} onDone={say} />
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

function Repetition({ of: { kind, from, whatWeDidDifferently }, children }: { of: RepetitionFragment; children: ComponentChildren }) {
  const { t, language } = useWhere()
  return (
    <div>
      <H level={3} class="plein-tasks__name">
        <RecordLink record={from} />
      </H>
      <p class="plein-meta">
        {from.publisher.name} · {t.reuse.reuses.kinds[kind]}
      </p>
      <Prose html={whatWeDidDifferently} lang={langOf(from, language)} />
      {children}
    </div>
  )
}

interface Props {
  of: RepetitionFragment
  onDone: (what: string) => void
}

/** The way to leave one out, with the reason why. */
function Hide({ of: { id, from }, onDone }: Props) {
  const { t } = useWhere()
  const words = t.reuse.reuses
  const { errors, failure, isBusy, decide } = useDecision()
  const field = `${id.replace(/[^a-zA-Z0-9]/g, '-')}-reden`
  const hide = async (event: SubmitEvent) => {
    event.preventDefault()
    const reason = String(new FormData(event.currentTarget as HTMLFormElement).get('reden'))
    if (await decide(ReuseHideDocument, { input: { id, isHidden: true, reason } }, { reason: field })) onDone(words.isHidden(from.title))
  }
  return (
    <details>
      <summary>
        {words.hide}
        <span class="plein-hidden">: {from.title}</span>
      </summary>
      <form class="plein-form" onSubmit={hide}>
        <P>{words.hideText}</P>
        <Failed why={failure} />
        <Errors title={t.account.errors} errors={errors} />
        <Field id={field} label={words.reason} hint={words.reasonHint} error={errorAt(errors, field)}>
          {(props) => <textarea {...props} name="reden" rows={3} required maxLength={1000} />}
        </Field>
        <Button type="submit" kind="secondary" disabled={isBusy}>
          {words.hideNow}
        </Button>
      </form>
    </details>
  )
}

function Show({ id, title, onDone }: { id: string; title: string } & Pick<Props, 'onDone'>) {
  const { t } = useWhere()
  const words = t.reuse.reuses
  const { errors, failure, isBusy, decide } = useDecision()
  const show = async () => {
    if (await decide(ReuseHideDocument, { input: { id, isHidden: false } })) onDone(words.isShown(title))
  }
  return (
    <>
      <Failed why={failure} />
      <Errors title={t.account.errors} errors={errors} />
      <Button type="button" kind="secondary" disabled={isBusy} onClick={() => void show()}>
        {words.show}
        <span class="plein-hidden">: {title}</span>
      </Button>
    </>
  )
}
