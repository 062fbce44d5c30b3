import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useWhere } from '../where'

/** What was done just now. It takes the focus, for what was operated may be gone; also when it was done `times` before. */
export function Told({ children, times }: { children: string; times?: number }) {
  const message = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (children) message.current?.focus()
  }, [children, times])
  return (
    <div role="status" tabIndex={-1} ref={message} class={children && 'plein-notice'}>
      {children}
    </div>
  )
}

/** The place for what was done just now, and the way to say so, which shows the page anew, or another part of it. */
export function useDone(first = ''): [message: JSX.Element, done: (what: string, to?: string) => void] {
  const { go, href, path } = useWhere()
  const [told, tell] = useState({ what: first, times: 0 })
  const done = (what: string, to = path) => {
    tell({ what, times: told.times + 1 })
    go!(href(to))
  }
  return [<Told times={told.times}>{told.what}</Told>, done]
}
