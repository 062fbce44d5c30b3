/** A query that a visitor can open in the editor. */
export type Example = {
  /** The label of its button: the first comment line of the file. */
  title: string
  /** What the query does: the comment lines that follow. */
  explanation: string
  /** The whole file, comments included. */
  query: string
}

const files: Record<string, string> = import.meta.glob('./examples/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** The examples in the order of their file names. */
export const examples: Example[] = Object.keys(files)
  .sort()
  .map((name) => read(files[name]))

function read(query: string): Example {
  const lines = query.split('\n')
  const comments = lines.slice(0, lines.findIndex((line) => !line.startsWith('#'))).map((line) => line.slice(1).trim())
  return { title: comments[0], explanation: comments.slice(1).join(' '), query }
}
