export const api = {
  editor: 'Probeer het zelf',
  editorText: 'In de editor schrijft u vragen en ziet u meteen het antwoord. De knoppen van de editor zijn in het Engels.',
  open: 'Open de editor',
  loading: 'De editor wordt geladen.',
  failed: 'De editor is niet geladen. Probeer het opnieuw.',
  noscript: 'De editor werkt alleen met JavaScript. Vragen sturen naar /graphql kan ook zonder.',
}
