import { useDecision } from '../../features/deciding'
import { Failed } from '../../features/Failed'
import { notFound } from '../../features/gone'
import { useDone } from '../../features/Told'
import { ArchiveDocument, PageWithdrawDocument, WithdrawDocument, type PageWithdrawQuery } from '../../graphql/generated/graphql'
import { page } from '../../page'
import { A, Breadcrumbs, Button, H, P } from '../../ui'
import { errorAt, Errors, Field } from '../../ui/Field'
import { useWhere } from '../../where'

type Draft = NonNullable<PageWithdrawQuery['draft']>

export default page({
  document: PageWithdrawDocument,
  variables: ({ params }) => ({ id: params.id }),
  shows: ({ draft }, where) => {
    if (!draft) return notFound(where)
    return { title: `${where.t.withdrawal.title} – ${draft.title}`, hidden: true, body: <Withdrawal draft={draft} /> }
  },
})

function Withdrawal({ draft }: { draft: Draft }) {
  const { t } = useWhere()
  const words = t.withdrawal
  const [told, done] = useDone()
  const owed = 'outputs' in draft ? draft.outputs.find(({ dutyState }) => dutyState === 'DUE' || dutyState === 'UNDER_EMBARGO') : undefined
  const may = (action: Draft['viewerCan'][number]) => draft.viewerCan.includes(action)
  return (
    <div class="plein-wrap plein-narrow">
      <Breadcrumbs trail={[['/mijn', t.frame.mine], [`/publiceren/${draft.id}`, draft.title]]} />
      <H level={1}>{words.title}</H>
      {told}
      {draft.state === 'WITHDRAWN' && <P>{words.isWithdrawn}</P>}
      {draft.state === 'ARCHIVED' && <P>{words.isArchived}</P>}
      {may('ARCHIVE') && <Archive draft={draft} done={done} />}
      {may('WITHDRAW') && <Withdraw draft={draft} done={done} />}
      {!may('WITHDRAW') && draft.state !== 'WITHDRAWN' && <P>{owed && draft.publicVersion > 0 ? words.owed(owed.title) : words.notYours}</P>}
      <p class="plein-actions">
        <A to={`/publiceren/${draft.id}`}>{words.back}</A>
      </p>
    </div>
  )
}

interface Deciding {
  draft: Draft
  done: (what: string) => void
}

/** Still readable, no longer kept up. */
function Archive({ draft, done }: Deciding) {
  const { t } = useWhere()
  const words = t.withdrawal
  const { errors, failure, isBusy, decide } = useDecision(() => done(t.person.failed.stale))
  const archive = async (event: SubmitEvent) => {
    event.preventDefault()
    if (await decide(ArchiveDocument, { input: { id: draft.id, revision: draft.revision! } })) done(words.archived)
  }
  return (
    <section aria-labelledby="bewaren">
      <H level={2} id="bewaren">
        {words.archiveTitle}
      </H>
      <P>{words.archiveText}</P>
      <form class="plein-form" onSubmit={archive}>
        <Failed why={failure} />
        <Errors title={t.account.errors} errors={errors} />
        <Button type="submit" kind="secondary" disabled={isBusy}>
          {words.archive}
        </Button>
      </form>
    </section>
  )
}

/** Gone for good, with a reason that everybody reads. */
function Withdraw({ draft, done }: Deciding) {
  const { t } = useWhere()
  const words = t.withdrawal
  const { errors, failure, isBusy, decide } = useDecision(() => done(t.person.failed.stale))
  const withdraw = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const input = { id: draft.id, revision: draft.revision!, note: String(form.get('reden')) }
    if (await decide(WithdrawDocument, { input }, { note: 'reden' })) done(words.withdrawn)
  }
  return (
    <section aria-labelledby="intrekken">
      <H level={2} id="intrekken">
        {words.withdrawTitle}
      </H>
      <P>{words.withdrawText}</P>
      <form class="plein-form" onSubmit={withdraw}>
        <Failed why={failure} />
        <Errors title={t.account.errors} errors={errors} />
        <Field id="reden" label={words.reason} hint={words.reasonHint} error={errorAt(errors, 'reden')}>
          {(props) => <textarea {...props} name="reden" rows={4} required maxLength={1000} />}
        </Field>
        <div class="plein-choice-one">
          <input type="checkbox" id="zeker" required />
          <label for="zeker">{words.sure}</label>
        </div>
        <Button type="submit" disabled={isBusy}>
          {words.withdraw}
        </Button>
      </form>
    </section>
  )
}
