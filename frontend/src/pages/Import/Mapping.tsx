import { useState } from 'preact/hooks'
import { Badge, H, P } from '../../ui'
import { Field } from '../../ui/Field'
import { useWhere } from '../../where'
import type { Column, Preview, Settings } from './sheets'

/** What each column is: guessed, and to be corrected. */
export function Mapping({ plan, settings, onChange }: { plan: Preview; settings: Settings; onChange: (changes: Partial<Settings>) => void }) {
  const { t } = useWhere()
  const words = t.sheet
  const [moved, setMoved] = useState('')
  const choose = (column: Column, name: string) => {
    const { [column.key]: _, ...mapping } = settings.mapping
    const field = plan.fields.find((one) => one.name === name)
    const other = field && !field.many && plan.columns.find(({ key }) => mapping[key] === name)
    if (other) delete mapping[other.key] // there is room for one
    setMoved(other ? words.moved(other.name || other.key) : '')
    onChange({ mapping: name ? { ...mapping, [column.key]: name } : mapping })
  }
  return (
    <>
      <H level={3}>{words.columns}</H>
      <P>{words.columnsText}</P>
      <p role="status">{moved}</p>
      <ul class="plein-tasks plein-mapping">
        {plan.columns.map((column) => (
          <li key={column.key}>
            <div>
              <Field id={`kolom-${column.key}`} label={words.column(column.key, column.name)} hint={column.sample.length > 0 ? words.sample(column.sample) : words.noSample}>
                {(props) => (
                  <select {...props} value={settings.mapping[column.key] ?? ''} onChange={(e) => choose(column, e.currentTarget.value)}>
                    <option value="">{words.pass}</option>
                    {plan.fields.map(({ name, label }) => (
                      <option key={name} value={name}>
                        {label}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
            </div>
            <Sureness column={column} chosen={settings.mapping[column.key] ?? ''} />
          </li>
        ))}
      </ul>
    </>
  )
}

/** How sure a guess is; what somebody chose is sure. */
function Sureness({ column, chosen }: { column: Column; chosen: string }) {
  const { guesses } = useWhere().t.sheet
  if (chosen !== (column.field ?? '')) return <Badge>{guesses.chosen}</Badge>
  if (!column.field) return <Badge>{guesses.none}</Badge>
  if (column.confidence >= 0.9) return <Badge tone="good">{guesses.sure}</Badge>
  return <Badge tone="warn">{guesses.unsure}</Badge>
}
