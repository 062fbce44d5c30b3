import { useEffect, useState } from 'preact/hooks'
import { Button, P } from '../../ui'
import { useWhere } from '../../where'
import { readImport, runImport, type Reply, type Result, type Settings } from './sheets'

const pause = 1_000 // milliseconds between two looks

/** An import that is under way: how far it is. With settings it is begun here. */
export function Running({ of, settings, onEnd }: { of: Result; settings: Settings | undefined; onEnd: (reply: Reply<Result>) => void }) {
  const { t } = useWhere()
  const words = t.sheet
  const [progress, setProgress] = useState(of.progress)
  const [asked, setAsked] = useState<Partial<Settings> | undefined>(settings)
  useEffect(() => {
    let isOver = false
    const end = (reply: Reply<Result>) => {
      if (isOver) return
      isOver = true
      onEnd(reply)
    }
    // Without an answer it may go on all the same: how far it is tells.
    if (asked) void runImport(of.id, asked).then((reply) => (reply.failure === 'unavailable' ? setAsked(undefined) : end(reply)))
    const look = async () => {
      const reply = await readImport(of.id)
      if (isOver) return
      if (reply.data) setProgress(reply.data.progress)
      if (reply.data?.state === 'DONE' || reply.data?.state === 'UNDONE') return end(reply)
      timer = setTimeout(() => void look(), pause)
    }
    let timer = setTimeout(() => void look(), pause)
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [of.id, asked])
  return (
    <>
      <P>{words.running}</P>
      <p class="plein-field">
        <label for="voortgang">{words.progress(progress.done, progress.total)}</label>
        <progress id="voortgang" max={Math.max(progress.total, 1)} value={progress.done} />
      </p>
      {!asked && (
        <>
          <P>{words.stuck}</P>
          <Button type="button" kind="secondary" onClick={() => setAsked(settings ?? {})}>
            {words.goOn}
          </Button>
        </>
      )}
    </>
  )
}
