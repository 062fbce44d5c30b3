import type { Texts } from '..'

export const api: Texts['api'] = {
  editor: 'Try it yourself',
  editorText: 'In the editor you write queries and see the answer at once.',
  open: 'Open the editor',
  loading: 'The editor is being loaded.',
  failed: 'The editor was not loaded. Please try again.',
  noscript: 'The editor needs JavaScript. Sending queries to /graphql does not.',
}
