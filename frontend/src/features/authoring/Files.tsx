import { useEffect, useState } from 'preact/hooks'
import { change, type Failure } from '../../graphql/ask'
import { FileRemoveDocument, FileRestoreDocument, FilesOfDocument, type KeptFragment } from '../../graphql/generated/graphql'
import { A, H } from '../../ui'
import { Field } from '../../ui/Field'
import { Failed } from '../Failed'
import { useDesk, useWords } from './desk'
import { Note } from './Text'
import { upload, type Uploaded } from './upload'

/** A file to be sent; what is done with its address is for whoever asks. */
export function FileField({ id, onDone }: { id: string; onDone: (file: Uploaded) => void }) {
  const words = useWords().files
  const { copy } = useDesk()
  const [said, say] = useState('')
  const [error, setError] = useState<string>()
  const [note, setNote] = useState<string>()
  const send = async (field: HTMLInputElement) => {
    const file = field.files?.[0]
    if (!file) return
    say(words.busy)
    setError(undefined)
    setNote(undefined)
    try {
      const kept = await upload(copy.record.id, file)
      if (typeof kept === 'string') setError(kept)
      else {
        onDone(kept)
        setNote(kept.warnings.map(({ message }) => message).join(' ') || undefined)
      }
      say(typeof kept === 'string' ? '' : words.done(kept.name))
    } catch {
      setError(words.failed)
      say('')
    }
    field.value = ''
  }
  return (
    <Field id={id} label={words.label} hint={words.hint} error={error}>
      {(props) => (
        <>
          <input {...props} type="file" onChange={(e) => void send(e.currentTarget)} />
          <span role="status">{said}</span>
          <Note text={note} />
        </>
      )}
    </Field>
  )
}

/** The files of the project, with a way to remove each and to put it back. */
export function Files({ sent }: { sent: number }) {
  const words = useWords().files
  const { copy } = useDesk()
  const { id } = copy.record
  const [files, setFiles] = useState<KeptFragment[]>([])
  const [failure, setFailure] = useState<Failure>()
  const [error, setError] = useState<string>()
  useEffect(() => {
    void change(FilesOfDocument, { record: id }).then(({ data }) => setFiles(data?.files?.nodes ?? []))
  }, [id, sent])
  const turn = async (file: KeptFragment) => {
    const { data, failure } = await change(file.removedAt ? FileRestoreDocument : FileRemoveDocument, { id: file.id })
    setFailure(failure)
    setError(data?.done.userErrors[0]?.message)
    const now = data?.done.file
    if (now) setFiles(files.map((one) => (one.id === now.id ? now : one)))
  }
  if (files.length === 0) return null
  return (
    <section aria-labelledby="bestanden">
      <H level={2} id="bestanden">
        {words.title}
      </H>
      <Failed why={failure} />
      <p class="plein-field__error" role="alert">
        {error}
      </p>
      <ul class="plein-bare">
        {files.map((file) => (
          <li key={file.id}>
            {file.removedAt ? `${file.name} (${words.removed})` : <A href={file.url}>{file.name}</A>}{' '}
            <button type="button" class="plein-link" onClick={() => void turn(file)}>
              {file.removedAt ? words.restore : words.remove}
              <span class="plein-hidden"> {file.name}</span>
            </button>
          </li>
        ))}
      </ul>
      <p class="plein-meta">{words.kept}</p>
    </section>
  )
}
