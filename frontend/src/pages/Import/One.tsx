import { useEffect, useRef, useState } from 'preact/hooks'
import { Failed } from '../../features/Failed'
import { useWhere } from '../../where'
import { A, H, Notice } from '../../ui'
import { Plan } from './Plan'
import { Outcome } from './Outcome'
import { Running } from './Running'
import { readImport, type Reply, type Result, type Settings } from './sheets'

/** One import: what it would do, how far it is, or what it did. It takes the focus where it was sent just now. */
export function One({ id, takesFocus }: { id: string; takesFocus: boolean }) {
  const { t, path } = useWhere()
  const words = t.sheet
  const [{ data, problem, failure }, setReply] = useState<Reply<Result>>({})
  const [settings, setSettings] = useState<Settings>()
  const wantsFocus = useRef(takesFocus)
  useEffect(() => {
    void readImport(id).then(setReply)
  }, [id])
  // What is under way or done stands where the form was.
  useEffect(() => {
    if (wantsFocus.current) document.getElementById('bestandsnaam')?.focus()
  }, [settings, data?.state])
  const run = (chosen: Settings) => {
    wantsFocus.current = true
    setSettings(chosen)
  }
  const again = (reply: Reply<Result>) => {
    wantsFocus.current = true
    setSettings(undefined)
    setReply((before) => ({ ...reply, data: reply.data ?? before.data }))
  }
  const undone = async () => {
    wantsFocus.current = false // what was undone is said, and has the focus
    const reply = await readImport(id)
    setReply((before) => ({ ...reply, data: reply.data ?? before.data }))
  }
  const isRunning = Boolean(data && (settings || data.state === 'RUNNING'))
  return (
    <>
      <div role="alert">
        {problem && (
          <Notice tone="warn" title={words.notDone}>
            <p>{problem}</p>
            <p>
              <A to={path}>{words.back}</A>
            </p>
          </Notice>
        )}
      </div>
      <Failed why={failure} />
      {data && (
        <>
          <H level={2} id="bestandsnaam" tabIndex={-1}>
            {data.fileName || words.nameless}
          </H>
          {isRunning ? <Running of={data} settings={settings} onEnd={again} /> : data.state === 'UPLOADED' ? <Plan id={id} onRun={run} /> : <Outcome of={data} onUndone={() => void undone()} />}
        </>
      )}
    </>
  )
}
