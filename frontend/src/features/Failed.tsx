import type { Failure } from '../graphql/ask'
import { A, Notice } from '../ui'
import { useWhere } from '../where'

/** Why something was not done. Who is signed out signs in beside this page, and loses nothing of it. */
export function Failed({ why }: { why: Failure | undefined }) {
  const { t } = useWhere()
  return (
    <div role="alert">
      {why && (
        <Notice tone="warn" title={t.person.failed.title}>
          <p>
            {t.person.failed[why]}{' '}
            {why === 'signedOut' && (
              <A to="/inloggen" target="_blank">
                {t.person.failed.signIn}
              </A>
            )}
          </p>
        </Notice>
      )}
    </div>
  )
}
