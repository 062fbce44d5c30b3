import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { names } from '../../ui'
import { describedBy, Help } from '../../ui/Field'
import { Conflict } from './Conflict'
import { idOf, useValue, useWords } from './desk'
import { fold } from './find'
import { Framed, Note, type FieldNaming } from './Text'

/** Something that can be chosen. */
export interface Option {
  id: string
  label: string
  hint?: string
}

/** Options that belong together. */
export interface OptionGroup {
  label?: string
  options: Option[]
}

/** A question with several answers to choose from, with what is wrong with the choice. */
function Group({ name, label, hint, children }: FieldNaming & { children: ComponentChildren }) {
  const { error, note, isSplit } = useValue(name)
  const id = idOf(name)
  if (isSplit) return <Conflict name={name} label={label} />
  return (
    <fieldset id={id} tabIndex={-1} class={names('plein-choices', error && 'plein-field--wrong')} aria-describedby={describedBy(id, hint, error)}>
      <legend>{label}</legend>
      <Help id={id} hint={hint} error={error} />
      {children}
      <Note text={note} />
    </fieldset>
  )
}

function Choice({ type, name, option, isChosen, isOff, onChoose }: { type: 'radio' | 'checkbox'; name: string; option: Option; isChosen: boolean; isOff?: boolean; onChoose: () => void }) {
  return (
    <label class="plein-option">
      <input type={type} name={idOf(name)} checked={isChosen} disabled={isOff} onChange={onChoose} />
      <span>
        {option.label}
        {option.hint && <small>{option.hint}</small>}
      </span>
    </label>
  )
}

/** One of a few. Where nothing may be chosen, that is an answer too. */
export function Radios({ options, none, ...naming }: FieldNaming & { options: Option[]; none?: string }) {
  const { value, set, save } = useValue<string>(naming.name)
  const choose = (id: string) => {
    set(id)
    save()
  }
  const all = none === undefined ? options : [...options, { id: '', label: none }]
  return (
    <Group {...naming}>
      {all.map((option) => (
        <Choice key={option.id} type="radio" name={naming.name} option={option} isChosen={value === option.id} onChoose={() => choose(option.id)} />
      ))}
    </Group>
  )
}

/** Yes, no or not known. */
export function YesNo(naming: FieldNaming) {
  const words = useWords()
  const { value, set, save } = useValue<boolean | null>(naming.name)
  const answers: [boolean | null, string][] = [
    [true, words.yes],
    [false, words.no],
    [null, words.unknown],
  ]
  const choose = (answer: boolean | null) => {
    set(answer)
    save()
  }
  return (
    <Group {...naming}>
      {answers.map(([answer, label]) => (
        <Choice key={label} type="radio" name={naming.name} option={{ id: label, label }} isChosen={value === answer} onChoose={() => choose(answer)} />
      ))}
    </Group>
  )
}

/** A statement that is true or not. */
export function Flag({ name, label, hint }: FieldNaming) {
  const { value, set, save } = useValue<boolean>(name)
  const choose = () => {
    set(!value)
    save()
  }
  return (
    <div class="plein-choices">
      <Choice type="checkbox" name={name} option={{ id: name, label, hint: hint as string }} isChosen={value} onChoose={choose} />
    </div>
  )
}

/** One of a longer list. */
export function Choose({ options, none, ...naming }: FieldNaming & { options: Option[]; none?: string }) {
  const { value, set, save } = useValue<string>(naming.name)
  return (
    <Framed {...naming}>
      {(props) => (
        <select {...props} value={value} onChange={(e) => set(e.currentTarget.value)} onBlur={save}>
          {(none !== undefined || value === '') && <option value="">{none}</option>}
          {options.map((option) => (
            <option key={option.id} value={option.id}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Framed>
  )
}

/** From how many options on a list has a field to narrow it. */
const long = 12

/** Some of many, by group. What is chosen stays in sight, whatever one looks for. */
export function Checks({ groups, most = Infinity, values, onChange, ...naming }: FieldNaming & { groups: OptionGroup[]; most?: number; values?: string[]; onChange?: (id: string) => void }) {
  const words = useWords()
  const { value, set, save } = useValue<string[]>(naming.name)
  const [filter, setFilter] = useState('')
  const chosen = values ?? value
  const count = groups.reduce((n, group) => n + group.options.length, 0)
  const wanted = fold(filter.trim())
  const fits = (option: Option, group: OptionGroup) => chosen.includes(option.id) || fold(`${group.label ?? ''} ${option.label}`).includes(wanted)
  const shown = groups.map((group) => ({ ...group, options: group.options.filter((option) => fits(option, group)) })).filter((group) => group.options.length > 0)
  const found = shown.reduce((n, group) => n + group.options.length, 0)
  const toggle = (id: string) => {
    if (onChange) onChange(id)
    else set(chosen.includes(id) ? chosen.filter((x) => x !== id) : [...chosen, id])
    save()
  }
  return (
    <Group {...naming}>
      {most < count && <p class="plein-meta">{words.chosen(chosen.length, most)}</p>}
      {count > long && (
        <div class="plein-field plein-field--narrow">
          <label for={idOf(naming.name) + '-filter'}>{words.filter}</label>
          <input id={idOf(naming.name) + '-filter'} type="search" autocomplete="off" value={filter} onInput={(e) => setFilter(e.currentTarget.value)} />
          <span class="plein-hidden" role="status">
            {filter && words.found(found)}
          </span>
        </div>
      )}
      <div class={names('plein-options-list', count > long && 'plein-options-list--long')} tabIndex={count > long ? 0 : undefined} role={count > long ? 'group' : undefined} aria-label={count > long ? naming.label : undefined}>
        {shown.map((group) => (
          <div key={group.label} role={group.label ? 'group' : undefined} aria-label={group.label}>
            {group.options.map((option) => (
              <Choice key={option.id} type="checkbox" name={naming.name} option={option} isChosen={chosen.includes(option.id)} isOff={chosen.length >= most && !chosen.includes(option.id)} onChoose={() => toggle(option.id)} />
            ))}
          </div>
        ))}
        {found === 0 && <p>{words.nothingFound(filter)}</p>}
      </div>
    </Group>
  )
}
