/** @jsxImportSource react */
import { DocExplorerContextProvider, DOC_EXPLORER_PLUGIN } from '@graphiql/plugin-doc-explorer'
import { GraphiQLProvider, useEditorContext } from '@graphiql/react'
import { GraphiQLInterface } from 'graphiql'
import 'graphiql/style.css'
import { useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import './explorer.css'
import { examples, type Example } from './examples'
import { fetcher, schemaOperation } from './fetcher'

// CodeMirror indents on Tab, which would keep someone who uses the keyboard inside the editor.
const tabLeavesEditor = { Tab: false as const, 'Shift-Tab': false as const }

/** Puts the example queries, with GraphiQL below them, in place. */
export function mount(place: Element) {
  createRoot(place).render(<Explorer />)
}

function Explorer() {
  return (
    <GraphiQLProvider
      fetcher={fetcher}
      introspectionQueryName={schemaOperation}
      inputValueDeprecation
      schemaDescription
      plugins={[DOC_EXPLORER_PLUGIN]}
      referencePlugin={DOC_EXPLORER_PLUGIN}
      defaultTabs={[{ query: examples[0].query }]}
      defaultQuery="# Schrijf hier uw vraag."
    >
      <DocExplorerContextProvider>
        <Examples />
        <div className="editor" lang="en">
          <GraphiQLInterface forcedTheme="light" showPersistHeadersSettings={false} />
        </div>
      </DocExplorerContextProvider>
    </GraphiQLProvider>
  )
}

function Examples() {
  const { queryEditor, variableEditor, headerEditor } = useEditorContext({ nonNull: true })

  useEffect(() => {
    const editors = [queryEditor, variableEditor, headerEditor]
    editors.forEach((editor) => editor?.addKeyMap(tabLeavesEditor))
    return () => editors.forEach((editor) => editor?.removeKeyMap(tabLeavesEditor))
  }, [queryEditor, variableEditor, headerEditor])

  function open(example: Example) {
    queryEditor?.setValue(example.query)
    queryEditor?.focus()
    queryEditor?.getWrapperElement().closest('.graphiql-query-editor')?.scrollIntoView({ behavior: 'instant' })
  }

  return (
    <ul className="examples">
      {examples.map((example) => (
        <li key={example.title}>
          <button type="button" disabled={!queryEditor} onClick={() => open(example)}>
            {example.title}
          </button>
          <p>{example.explanation}</p>
        </li>
      ))}
    </ul>
  )
}
