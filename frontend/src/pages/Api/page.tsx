import { useRef, useState } from 'preact/hooks'
import { Leaf } from '../../features/Leaf'
import { page } from '../../page'
import { Button, H, P } from '../../ui'
import { useScript, useWhere } from '../../where'
import { examplesFor } from './code'
import * as en from './en'
import * as nl from './nl'

export default page<undefined, never>({
  shows: (_, where) => {
    const { title, description, Before, After } = where.language === 'nl' ? nl : en
    return {
      title,
      description,
      body: (
        <Leaf title={title}>
          <Before />
          {examplesFor(where.site.base).map(({ name, language, code }) => (
            <section key={name}>
              <H level={3}>{name}</H>
              {/* What scrolls sideways has to be reachable with the keyboard. */}
              <pre class="plein-code" tabIndex={0} role="region" aria-label={name} data-language={language}>
                <code>{code}</code>
              </pre>
            </section>
          ))}
          <After />
          <Editor />
        </Leaf>
      ),
    }
  },
})

/** GraphiQL is some forty times as large as the rest of the page: it comes when somebody asks for it. */
function Editor() {
  const { t } = useWhere()
  const script = useScript()
  const place = useRef<HTMLDivElement>(null)
  const [state, setState] = useState<'closed' | 'loading' | 'open' | 'failed'>('closed')
  async function open() {
    setState('loading')
    try {
      const { mount } = await import('./Explorer')
      mount(place.current!)
      setState('open')
    } catch {
      setState('failed')
    }
  }
  return (
    <section class="plein-wide">
      <H level={2}>{t.api.editor}</H>
      <P>{t.api.editorText}</P>
      {state !== 'open' && (
        <Button type="button" onClick={open} disabled={!script || state === 'loading'}>
          {t.api.open}
        </Button>
      )}
      <p role="status">
        {state === 'loading' && t.api.loading}
        {state === 'failed' && t.api.failed}
      </p>
      <noscript>
        <P>{t.api.noscript}</P>
      </noscript>
      <div ref={place} id="explorer" class="plein-explorer" />
    </section>
  )
}
