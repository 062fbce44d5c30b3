import { Conflict } from './Conflict'
import { idOf, useValue } from './desk'
import type { Named } from './merge'
import { Pick, Picked, type Found } from './Pick'
import { Note, type FieldNaming } from './Text'

/** Several things that are found by typing, such as municipalities. */
export function Many({ name, label, hint, find }: FieldNaming & { hint?: string; find: (words: string, signal: AbortSignal) => Promise<Found[]> }) {
  const { value, set, save, error, note, isSplit } = useValue<readonly Named[]>(name)
  if (isSplit) return <Conflict name={name} label={label} />
  const change = (next: Named[]) => {
    set(next)
    save()
  }
  return (
    <div id={idOf(name)} tabIndex={-1}>
      <Pick label={label} hint={hint} error={error} find={find} onPick={(one) => change([...value.filter(({ id }) => id !== one.id), one])} />
      <Picked of={value} label={label} onRemove={(one) => change(value.filter(({ id }) => id !== one.id))} />
      <Note text={note} />
    </div>
  )
}
