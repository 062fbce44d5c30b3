import { useState } from 'preact/hooks'
import { offered, useDesk, useValue, useWords } from '../../features/authoring/desk'
import { findDataSources } from '../../features/authoring/find'
import type { Named } from '../../features/authoring/merge'
import { Pick, Picked } from '../../features/authoring/Pick'
import { Adder, Entry, Rows, Selection, Statement, useNew } from '../../features/authoring/Rows'
import type { SourceUse } from '../../features/authoring/values'
import { Failed } from '../../features/Failed'
import { change, type Failure } from '../../graphql/ask'
import { AddDataSourceDocument } from '../../graphql/generated/graphql'
import { Button } from '../../ui'

/** The data that was used and linked. */
export function Sources() {
  const { labels, hints } = useWords()
  const { lists, copy } = useDesk()
  const uses = copy.value('sources') as readonly SourceUse[]
  const routes = offered(lists.accessRoutes, uses.map((use) => use.accessRoute))
  return (
    <>
      <Rows<SourceUse> name="sources" label={labels.sources} titleOf={(use) => use.source.name}>
        {(use, put, id, save) => (
          <>
            <Selection id={`${id}-toegang`} label={labels.accessRoute} options={routes} value={use.accessRoute} onType={(accessRoute) => put({ ...use, accessRoute })} onLeave={save} />
            <Linked of={use.linkedWith} onChange={(linkedWith) => put({ ...use, linkedWith })} />
            <Entry id={`${id}-let-op`} label={labels.sourceNote} hint={hints.sourceNote} maxLength={5_000} value={use.note} onType={(note) => put({ ...use, note })} onLeave={save} />
          </>
        )}
      </Rows>
      <NewUse />
    </>
  )
}

function Linked({ of, onChange }: { of: Named[]; onChange: (of: Named[]) => void }) {
  const { labels, hints } = useWords()
  return (
    <>
      <Pick label={labels.linkedWith} hint={hints.linkedWith} find={findDataSources} onPick={(one) => onChange([...of.filter(({ id }) => id !== one.id), one])} />
      <Picked of={of} label={labels.linkedWith} onRemove={(one) => onChange(of.filter(({ id }) => id !== one.id))} />
    </>
  )
}

function NewUse() {
  const words = useWords()
  const { labels, hints, problems } = words
  const { lists } = useDesk()
  const uses = useValue<readonly SourceUse[]>('sources')
  const { row, put, clear } = useNew<{ source: Named | null; accessRoute: string }>('sources', { source: null, accessRoute: '' })
  const [isTried, setTried] = useState(false)
  const [missing, setMissing] = useState<string>()
  const add = () => {
    setTried(true)
    if (!row.source || !row.accessRoute) return false
    uses.set([...uses.value, { source: row.source, accessRoute: row.accessRoute, linkedWith: [], note: '' }])
    uses.save()
    clear()
    setTried(false)
    return true
  }
  return (
    <Adder title={words.newSourceUse} onAdd={add}>
      <Pick label={labels.source} hint={hints.source} error={isTried && !row.source ? problems.source : undefined} find={findDataSources} onPick={(source) => put({ source })} missing={setMissing} />
      <Picked of={row.source ? [row.source] : []} label={labels.source} onRemove={() => put({ source: null })} />
      {missing !== undefined && (
        <NewSource
          name={missing}
          onDone={(source) => {
            setMissing(undefined)
            if (source) put({ source })
          }}
        />
      )}
      <Selection
        id="nieuw-toegang"
        label={labels.accessRoute}
        hint={hints.accessRoute}
        none={words.choose}
        options={offered(lists.accessRoutes, [])}
        error={isTried && !row.accessRoute ? problems.choose : undefined}
        value={row.accessRoute}
        onType={(accessRoute) => put({ accessRoute })}
      />
    </Adder>
  )
}

/** A data source that nobody named before. */
function NewSource({ name, onDone }: { name: string; onDone: (source?: Named) => void }) {
  const { labels, hints, ...words } = useWords()
  const { copy } = useDesk()
  const [source, put] = useState({ name, holder: '', catalogueUri: '', isMicrodata: false })
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const [failure, setFailure] = useState<Failure>()
  const save = async () => {
    const { data, failure } = await change(AddDataSourceDocument, { input: { ...source, catalogueUri: source.catalogueUri || null, organization: copy.record.publisher.id } })
    setFailure(failure)
    if (!data) return
    const { dataSource, userErrors } = data.dataSourceCreate
    setWrong(Object.fromEntries(userErrors.map(({ field, message }) => [field?.at(-1) ?? '', message])))
    if (dataSource) onDone(dataSource)
  }
  return (
    <fieldset class="plein-row">
      <legend>{words.newSource}</legend>
      <Failed why={failure} />
      {wrong[''] && <p class="plein-field__error">{wrong['']}</p>}
      <Entry id="bron-naam" label={labels.sourceName} error={wrong.name} value={source.name} onType={(name) => put({ ...source, name })} />
      <Entry id="bron-houder" label={labels.holder} hint={hints.holder} error={wrong.holder} value={source.holder} onType={(holder) => put({ ...source, holder })} />
      <Entry id="bron-adres" type="url" label={labels.catalogueUri} hint={hints.optional} error={wrong.catalogueUri} value={source.catalogueUri} onType={(catalogueUri) => put({ ...source, catalogueUri })} />
      <Statement label={labels.isMicrodata} isTrue={source.isMicrodata} onChange={(isMicrodata) => put({ ...source, isMicrodata })} />
      <div class="plein-actions">
        <Button type="button" kind="secondary" onClick={() => void save()}>
          {words.addSource}
        </Button>
        <button type="button" class="plein-link" onClick={() => onDone()}>
          {words.cancel}
        </button>
      </div>
    </fieldset>
  )
}
