import { useState } from 'preact/hooks'
import '../../features/authoring/authoring.css'
import { useDecision } from '../../features/deciding'
import { Failed } from '../../features/Failed'
import { notFound } from '../../features/gone'
import { langOf, pathOf } from '../../features/records'
import { Whose } from '../../features/Whose'
import { PageRepeatDocument, ProjectReuseDocument, type PageRepeatQuery, type ReuseKind } from '../../graphql/generated/graphql'
import { page } from '../../page'
import { A, Breadcrumbs, Button, H, Notice, P } from '../../ui'
import { errorAt, Errors } from '../../ui/Field'
import { useWhere } from '../../where'

type Project = Extract<NonNullable<PageRepeatQuery['node']>, { __typename: 'Project' }>
type Organization = NonNullable<PageRepeatQuery['viewer']>['memberships'][number]['organization']

export default page({
  document: PageRepeatDocument,
  variables: ({ params }) => ({ id: params.id }),
  shows: ({ viewer, node }, where) => {
    if (node?.__typename !== 'Project') return notFound(where)
    const own = viewer!.memberships.map(({ organization }) => organization).filter(({ viewerCan }) => viewerCan.includes('WRITE'))
    return { title: where.t.reuse.title, hidden: true, body: <Repeat project={node} own={own} /> }
  },
})

function Repeat({ project, own }: { project: Project; own: Organization[] }) {
  const { t, language } = useWhere()
  const words = t.reuse
  return (
    <div class="plein-wrap plein-narrow">
      <Breadcrumbs trail={[[pathOf(project), project.title]]} />
      <H level={1}>{words.title}</H>
      <P lead>
        {words.after} <span lang={langOf(project, language)}>{project.title}</span>, {project.publisher.name}.
      </P>
      <P>{words.comesAlong}</P>
      <P>{words.ownWork}</P>
      {own.length > 0 ? (
        <Begin project={project} own={own} />
      ) : (
        <Notice title={words.nowhere}>
          <P>{words.nowhereText}</P>
        </Notice>
      )}
      <p>
        <A to={pathOf(project)}>{words.back}</A>
      </p>
    </div>
  )
}

/** The form that makes the working copy, once however often it is sent. */
function Begin({ project, own }: { project: Project; own: Organization[] }) {
  const { t, href } = useWhere()
  const words = t.reuse
  const [key] = useState(() => crypto.randomUUID())
  const [organization, setOrganization] = useState(own[0].id)
  const [kind, setKind] = useState<ReuseKind>('REPEATED')
  const { errors, failure, isBusy, decide } = useDecision()
  const begin = async (event: SubmitEvent) => {
    event.preventDefault()
    const made = await decide(ProjectReuseDocument, { input: { subject: project.uri, organization, kind, idempotencyKey: key } }, { organization: 'organisatie', kind: 'soort' })
    if (made?.project) location.assign(href(`/publiceren/${made.project.id}`))
  }
  return (
    <form class="plein-form" onSubmit={begin}>
      <Failed why={failure} />
      <Errors title={t.account.errors} errors={errors} />
      <Whose own={own} chosen={organization} onChoose={setOrganization} words={words} error={errorAt(errors, 'organisatie')} />
      <fieldset class="plein-choices" id="soort" tabIndex={-1}>
        <legend>{words.kind}</legend>
        {(Object.keys(words.kinds) as ReuseKind[]).map((one) => (
          <label key={one} class="plein-option">
            <input type="radio" name="soort" checked={kind === one} onChange={() => setKind(one)} />
            <span>
              {words.kinds[one]}
              <small>{words.kindHints[one]}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <Button type="submit" disabled={isBusy}>
        {words.begin}
      </Button>
      <p class="plein-meta">{words.notPublic}</p>
    </form>
  )
}
