import { useEffect } from 'preact/hooks'
import { A } from '../../ui'
import { useWhere } from '../../where'
import { useDesk } from './desk'

const two = (n: number): string => String(n).padStart(2, '0')

/**
 * Whether what was typed is with the server. The time is for the eye; for the ear there is a word when it changes from
 * well to not well and back, not at every save.
 */
export function Saved() {
  const { t } = useWhere()
  const words = t.authoring.saved
  const { copy } = useDesk()
  const { status, savedAt, why } = copy
  const isWaiting = Object.keys(copy.refused).length + copy.conflicts().length > 0
  const time = savedAt && `${two(savedAt.getHours())}:${two(savedAt.getMinutes())}`
  const shown = status === 'failed' ? words.not : status === 'saving' || status === 'waiting' ? words.busy : isWaiting ? words.partly : time ? words.at(time) : words.self
  const said = status === 'failed' ? words.not : isWaiting ? words.partly : time ? words.well : ''
  return (
    <div class={status === 'failed' || isWaiting ? 'plein-saved plein-saved--not' : 'plein-saved'}>
      <p>
        <span aria-hidden={said !== ''}>{shown}</span>
        {status === 'failed' && why === 'forbidden' && ` ${t.person.failed.forbidden}`}
        {status === 'failed' && why === 'signedOut' && (
          <>
            {' '}
            <A to="/inloggen" target="_blank">
              {words.signIn}
            </A>
          </>
        )}
        {status === 'failed' && (
          <>
            {' '}
            <button type="button" class="plein-link" onClick={() => void copy.flush()}>
              {words.again}
            </button>
          </>
        )}
      </p>
      <span class="plein-hidden" role="status">
        {said}
      </span>
    </div>
  )
}

/** Saves when somebody looks away, comes back or is online again, and warns who leaves with something that is not saved. */
export function useSaving(): void {
  const { copy } = useDesk()
  useEffect(() => {
    const save = () => void copy.flush()
    const leave = (event: BeforeUnloadEvent) => {
      if (copy.isSettled) return
      save()
      if (copy.status === 'failed' || copy.conflicts().length + Object.keys(copy.refused).length > 0) event.preventDefault()
    }
    const listeners: [EventTarget, string, (event: never) => void][] = [
      [document, 'visibilitychange', save],
      [window, 'online', save],
      [window, 'beforeunload', leave],
    ]
    for (const [target, name, listener] of listeners) target.addEventListener(name, listener as EventListener)
    return () => {
      copy.stop()
      for (const [target, name, listener] of listeners) target.removeEventListener(name, listener as EventListener)
    }
  }, [copy])
}
