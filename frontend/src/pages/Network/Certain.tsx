import type { ComponentChildren } from 'preact'
import { useDecision } from '../../features/deciding'
import { Failed } from '../../features/Failed'
import { Button, P } from '../../ui'
import { Errors } from '../../ui/Field'
import { useWhere } from '../../where'

/** What cannot be undone: what happens comes first, and it is done by who says to be certain. */
export function Certain({ id, warning, sure, carry, children }: { id: string; warning: ComponentChildren; sure: string; carry: (decide: ReturnType<typeof useDecision>['decide']) => Promise<unknown>; children: ComponentChildren }) {
  const { t } = useWhere()
  const { errors, failure, isBusy, decide } = useDecision()
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    void carry(decide)
  }
  return (
    <form class="plein-form" onSubmit={send}>
      <P>{warning}</P>
      <Failed why={failure} />
      <Errors title={t.account.errors} errors={errors} />
      <div class="plein-choice-one">
        <input type="checkbox" id={id} required />
        <label for={id}>{sure}</label>
      </div>
      <Button type="submit" kind="secondary" disabled={isBusy}>
        {children}
      </Button>
    </form>
  )
}
