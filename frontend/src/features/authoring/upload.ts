/** A file that was kept. */
export interface Uploaded {
  id: string
  name: string
  warnings: { message: string }[]
}

/** Sends a file of a project to POST /files. Gives a message for people where it was not kept; throws where no answer came. */
export async function upload(record: string, file: File): Promise<Uploaded | string> {
  const form = new FormData()
  form.append('record', record) // before the file: who may not is told so at once
  form.append('file', file)
  const response = await fetch('/files', { method: 'POST', headers: { accept: 'application/json', 'accept-language': document.documentElement.lang }, body: form })
  const answer = await response.json()
  return response.ok ? (answer as Uploaded) : String(answer.errors[0].message)
}
