import type { ComponentChildren } from 'preact'
import { useMemo, useRef, useState } from 'preact/hooks'
import '../../features/authoring/authoring.css'
import { Either } from '../../features/authoring/Conflict'
import { findMunicipalities } from '../../features/authoring/find'
import { Markup } from '../../features/authoring/Markdown'
import type { Named, Value } from '../../features/authoring/merge'
import { Pick, Picked } from '../../features/authoring/Pick'
import { typed } from '../../features/authoring/values'
import { Failed } from '../../features/Failed'
import { Told } from '../../features/Told'
import type { ProfileFragment } from '../../graphql/generated/graphql'
import type { Texts } from '../../taal'
import { A, Breadcrumbs, Button, H, Notice, P } from '../../ui'
import { errorAt, Errors, Field, type FieldError, type FieldProps } from '../../ui/Field'
import { useWhere } from '../../where'
import { useProfile } from './editing'
import { isText } from './values'

/** The id of a field in the page. */
const idOf = (key: string): string => 'profiel-' + key

/** The form by which an organisation tells about itself. */
export function Form({ profile }: { profile: ProfileFragment }) {
  const { t } = useWhere()
  const words = t.profile
  const { value, put, settle, save, conflicts, taken, errors: wrong, failure, isBusy, isChanged } = useProfile(profile, words.notNumber)
  const [told, tell] = useState({ what: '', times: 0 })
  const errors = useMemo(() => wrong.map(([key, message]): FieldError => [key in words.labels ? idOf(key) : undefined, message]), [wrong])
  const meanwhile = useRef<HTMLDivElement>(null)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (conflicts.length > 0) return document.getElementById(idOf(conflicts[0].key))?.focus()
    const done = await save()
    if (done === 'saved') tell({ what: words.saved, times: told.times + 1 })
    if (done === 'nothing') tell({ what: words.unchanged, times: told.times + 1 })
    if (done === 'changed') {
      tell({ what: '', times: told.times })
      requestAnimationFrame(() => meanwhile.current?.focus())
    }
  }
  const field = (key: Key, control: (props: FieldProps) => ComponentChildren) => {
    const conflict = conflicts.find((one) => one.key === key)
    if (conflict) return <Either {...conflict} id={idOf(key)} label={words.labels[key]} lang={languages[key]} lines={isText(key) ? undefined : (value) => linesOf(value, t)} onChoose={(value) => settle(key, value)} />
    return (
      <Field id={idOf(key)} label={words.labels[key]} hint={words.hints[key]} error={errorAt(errors, idOf(key))}>
        {control}
      </Field>
    )
  }
  const line = (key: Key, type: 'text' | 'email' = 'text', inputMode?: 'numeric' | 'decimal') =>
    field(key, (props) => <input {...props} type={type} inputMode={inputMode} maxLength={200} autocomplete="off" value={value(key) as string} onInput={(e) => put(key, typed(e.currentTarget.value))} />)
  const text = (key: 'approach' | 'approachEn') =>
    field(key, (props) => <Markup props={props} label={words.labels[key]} lang={languages[key]} rows={10} value={value(key) as string} onType={(text) => put(key, text)} />)
  return (
    <div class="plein-wrap plein-narrow">
      <Breadcrumbs trail={[['/beheer', t.manage.title]]} />
      <H level={1}>{words.title}</H>
      <p class="plein-meta">{profile.name}</p>
      <Told times={told.times}>{told.what}</Told>
      <P lead>{words.lead}</P>
      <p>
        <A to={`/udc/${profile.slug}`}>{words.look}</A>
      </p>
      <form class="plein-authoring" onSubmit={submit} noValidate>
        <Failed why={failure} />
        <Errors title={t.account.errors} errors={errors} />
        <div ref={meanwhile} tabIndex={-1}>
          {(conflicts.length > 0 || taken.length > 0) && (
            <Notice tone="warn" title={words.meanwhile}>
              {taken.length > 0 && (
                <>
                  <p>{words.taken}</p>
                  <ul class="plein-ways">
                    {taken.map((key) => (
                      <li key={key}>{words.labels[key as Key]}</li>
                    ))}
                  </ul>
                </>
              )}
              <p>{conflicts.length > 0 ? words.choose : words.saveAgain}</p>
            </Notice>
          )}
        </div>
        {line('name')}
        <Municipalities
          conflict={conflicts.some(({ key }) => key === 'municipalities') && field('municipalities', () => null)}
          value={value('municipalities') as readonly Named[]}
          error={errorAt(errors, idOf('municipalities')) as string | undefined}
          onChange={(list) => put('municipalities', list)}
        />
        {line('contactEmail', 'email')}
        {line('activeSince')}
        {line('activeUntil')}
        <H level={2}>{words.approachTitle}</H>
        <P>{words.approachText}</P>
        {text('approach')}
        {text('approachEn')}
        <H level={2}>{words.numbers}</H>
        <P>{words.numbersText}</P>
        {line('researcherCount', 'text', 'numeric')}
        {line('cbsColleagueCount', 'text', 'numeric')}
        {line('cbsDaysPerWeek', 'text', 'decimal')}
        {field('hasResearchDepartment', (props) => (
          <select {...props} value={answerOf(value('hasResearchDepartment'))} onChange={(e) => put('hasResearchDepartment', e.currentTarget.value === '' ? null : e.currentTarget.value === 'ja')}>
            <option value="">{t.authoring.unknown}</option>
            <option value="ja">{t.authoring.yes}</option>
            <option value="nee">{t.authoring.no}</option>
          </select>
        ))}
        {line('wipLimit', 'text', 'numeric')}
        <H level={2}>{words.origin}</H>
        {field('sourceLinks', (props) => (
          <Links props={props} value={value('sourceLinks') as string[]} onChange={(list) => put('sourceLinks', list)} />
        ))}
        <p class="plein-actions">
          <Button type="submit" disabled={isBusy}>
            {words.save}
          </Button>
        </p>
        <p class="plein-meta" role="status">
          {isChanged && words.unsaved}
        </p>
      </form>
    </div>
  )
}

type Key = keyof Texts['profile']['labels']

const languages: Partial<Record<Key, string>> = { approach: 'nl', approachEn: 'en' }

const answerOf = (value: Value): string => (value === null ? '' : value ? 'ja' : 'nee')

/** What a value that is no text says. */
function linesOf(value: Value, t: Texts): string[] {
  const words = t.authoring
  if (Array.isArray(value)) return value.length > 0 ? value.map((one: string | Named) => (typeof one === 'string' ? one : one.name)) : [words.nothing]
  if (typeof value === 'boolean') return [value ? words.yes : words.no]
  return [value === null ? words.unknown : String(value) || words.nothing]
}

function Municipalities({ conflict, value, error, onChange }: { conflict: ComponentChildren; value: readonly Named[]; error?: string; onChange: (list: Named[]) => void }) {
  const { t } = useWhere()
  const { labels, hints } = t.profile
  if (conflict) return <>{conflict}</>
  return (
    <div id={idOf('municipalities')} tabIndex={-1}>
      <Pick label={labels.municipalities} hint={hints.municipalities} error={error} find={findMunicipalities} onPick={(one) => onChange([...value.filter(({ id }) => id !== one.id), one])} />
      <Picked of={value} label={labels.municipalities} onRemove={(one) => onChange(value.filter(({ id }) => id !== one.id))} />
    </div>
  )
}

const linksIn = (text: string): string[] => text.split('\n').map((line) => line.trim()).filter(Boolean)

/** Addresses, one a line. Empty lines that one types stay. */
function Links({ props, value, onChange }: { props: FieldProps; value: string[]; onChange: (list: string[]) => void }) {
  const [text, setText] = useState(value.join('\n'))
  const shown = linksIn(text).join('\n') === value.join('\n') ? text : value.join('\n')
  const type = (words: string) => {
    setText(words)
    onChange(linksIn(words))
  }
  return <textarea {...props} rows={3} value={shown} onInput={(e) => type(typed(e.currentTarget.value))} />
}
