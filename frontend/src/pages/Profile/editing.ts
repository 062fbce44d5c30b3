import { useEffect, useState } from 'preact/hooks'
import { isSame, merge, type Value, type Values } from '../../features/authoring/merge'
import { change, type Failure } from '../../graphql/ask'
import { ProfileNowDocument, ProfileSaveDocument, type Language, type ProfileFragment } from '../../graphql/generated/graphql'
import { inputOf, languageOf, valuesOf } from './values'

/** A profile that somebody changes. Everybody sees it at once, so it is saved when they say so and not before. */
interface Editing {
  revision: number
  saved: Values
  /** What was changed here and is not saved. */
  own: Values
  /** Fields that somebody else changed too, as they were before. */
  split: Values
  /** Fields that somebody else changed and that were taken over. */
  taken: string[]
}

/** What came of saving. */
export type Saved = 'saved' | 'nothing' | 'wrong' | 'changed' | 'failed'

const stateOf = (o: ProfileFragment): Editing => ({ revision: o.revision ?? 0, saved: valuesOf(o), own: {}, split: {}, taken: [] })

/** A field by what the server calls it. */
const fieldOf = (path: string[] | null, language: Language): string => {
  const name = path?.find((part) => part !== 'input') ?? ''
  return name === 'approach' && language === 'EN' ? 'approachEn' : name
}

/** The form of a profile: its values, what is wrong with them, and the way to save them. */
export function useProfile(profile: ProfileFragment, notNumber: string) {
  const [now, setNow] = useState(() => stateOf(profile))
  const [errors, setErrors] = useState<[key: string, message: string][]>([])
  const [failure, setFailure] = useState<Failure>()
  const [isBusy, setBusy] = useState(false)
  const isChanged = Object.keys(now.own).length > 0
  useEffect(() => {
    const stay = (event: BeforeUnloadEvent) => event.preventDefault()
    if (isChanged) addEventListener('beforeunload', stay)
    return () => removeEventListener('beforeunload', stay)
  }, [isChanged])

  const value = (key: string): Value => (key in now.own ? now.own[key] : now.saved[key])
  const put = (key: string, value: Value) =>
    setNow((before) => {
      const { [key]: _, ...own } = before.own
      return { ...before, own: isSame(value, before.saved[key]) ? own : { ...own, [key]: value } }
    })
  const settle = (key: string, value: Value) => {
    setNow((before) => {
      const { [key]: _, ...split } = before.split
      return { ...before, split }
    })
    put(key, value)
  }

  /** Puts what somebody else made of it together with what was changed here. Nothing is lost, and nothing saved. */
  const refresh = async (at: Editing): Promise<Saved> => {
    const { data, failure } = await change(ProfileNowDocument, { slug: profile.slug })
    setFailure(failure)
    if (!data?.organization) return 'failed'
    const theirs = stateOf(data.organization)
    setNow((before) => {
      const { own, conflicts, taken, joined } = merge(at.saved, before.own, theirs.saved)
      return { ...theirs, own, split: conflicts, taken: [...new Set([...at.taken, ...taken, ...joined])] }
    })
    return 'changed'
  }

  const send = async (language: Language, at: Editing): Promise<Editing | Saved> => {
    const changes = Object.fromEntries(Object.entries(at.own).filter(([key]) => languageOf(key) === language))
    if (Object.keys(changes).length === 0) return at
    const { data, failure } = await change(ProfileSaveDocument, { input: { id: profile.id, revision: at.revision, lang: language, ...inputOf(changes).input } })
    setFailure(failure)
    if (!data) return 'failed'
    const { organization, userErrors } = data.done
    if (userErrors.some(({ code }) => code === 'STALE_REVISION')) return refresh(at)
    if (!organization) {
      setErrors(userErrors.map(({ field, message }) => [fieldOf(field, language), message]))
      return 'wrong'
    }
    const next = stateOf(organization)
    // What was typed since it was sent stays.
    const without = (own: Values) => Object.fromEntries(Object.entries(own).filter(([key, value]) => !(key in changes && isSame(value, changes[key]))))
    setNow((before) => ({ ...next, own: without(before.own) }))
    return { ...next, own: without(at.own) }
  }

  const save = async (): Promise<Saved> => {
    if (!isChanged) return 'nothing'
    const { wrong } = inputOf(now.own)
    setErrors(wrong.map((key) => [key, notNumber]))
    if (wrong.length > 0) return 'wrong'
    setBusy(true)
    let at: Editing | Saved = now
    for (const language of ['NL', 'EN'] as const) {
      if (typeof at !== 'string') at = await send(language, at)
    }
    setBusy(false)
    return typeof at === 'string' ? at : 'saved'
  }

  const conflicts = Object.keys(now.split).map((key) => ({ key, mine: now.own[key], theirs: now.saved[key] }))
  return { value, put, settle, save, conflicts, taken: now.taken, errors, failure, isBusy, isChanged }
}
