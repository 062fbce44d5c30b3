import type { Failure } from '../../graphql/ask'
import { isSame, merge, type Value, type Values } from './merge'

/** A working copy as the server has it. */
export interface Snapshot<R> {
  revision: number
  values: Values
  record: R
}

/** A field that the server (or the page) does not take as it is. A key without a field is about the whole. */
export interface Problem {
  key: string
  message: string
}

/** What came of a change. */
export type Outcome<R> =
  | { kind: 'saved'; now: Snapshot<R>; notes?: Problem[] }
  | { kind: 'stale' }
  | { kind: 'refused'; problems: Problem[] }
  | { kind: 'failed'; why: Failure }

/** How a working copy reaches the server. */
export interface Link<R> {
  /** Saves changes of one group. */
  send: (changes: Values, revision: number) => Promise<Outcome<R>>
  /** Reads it as it is now; undefined where it is no longer there. */
  load: () => Promise<Snapshot<R> | Failure | undefined>
  /** Changes of different groups are sent one after the other. */
  groupOf: (key: string) => string
}

/** Where a working copy keeps what is not saved yet: sessionStorage, which outlives a reload. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export type Status = 'quiet' | 'waiting' | 'saving' | 'saved' | 'failed'

interface Kept {
  base: Values
  own: Values
  lost: Values
}

const patience = 1_000 // milliseconds without a key before we save
const firstRetry = 2_000
const lastRetry = 60_000

/** Keys that begin so are kept in this browser and not sent, such as what will be added. */
const isLocal = (key: string): boolean => key.startsWith('+')

/** Values that stay in this browser, and those that are for the server. */
function apart(values: Values): [locals: Values, own: Values] {
  const of = (local: boolean) => Object.fromEntries(Object.entries(values).filter(([key]) => isLocal(key) === local))
  return [of(true), of(false)]
}

/**
 * A working copy that somebody writes in. It saves what changed by itself, one change at a time; keeps what could not be
 * saved, and tries again; and puts together what somebody else changed meanwhile.
 */
export class WorkingCopy<R> {
  record: R
  revision: number
  status: Status = 'quiet'
  savedAt?: Date
  why?: Failure
  /** Whether something that was not saved was found in this browser. */
  isRestored = false
  /** What somebody else changed and was taken over since the page was opened, and lists of both that went together. */
  taken: string[] = []
  /** Messages beside fields that were refused. */
  refused: Record<string, string> = {}
  /** What deserves another look, such as what may be personal data. Nothing waits for it. */
  notes: Problem[] = []
  /** What was written in a part that somebody else took away. */
  lost: Values = {}

  private saved: Values
  private own: Values = {}
  /** What fields that both changed were before, by their key. */
  private before: Values = {}
  private turn: Promise<unknown> = Promise.resolve()
  private timer?: ReturnType<typeof setTimeout>
  private attempts = 0
  private listeners = new Set<() => void>()

  constructor(
    private readonly id: string,
    now: Snapshot<R>,
    private readonly link: Link<R>,
    private readonly store: Store,
  ) {
    this.record = now.record
    this.revision = now.revision
    this.saved = now.values
    this.restore()
  }

  /** Calls back after every change, until the function that it gives is called. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  /** What a field holds now. */
  value(key: string): Value {
    return key in this.own ? this.own[key] : (this.saved[key] ?? null)
  }

  /** Everything as it stands now. */
  values(): Values {
    return { ...this.saved, ...this.own }
  }

  /** Somebody typed or chose. It is saved when they pause. */
  set(key: string, value: Value): void {
    if (isSame(value, this.saved[key] ?? null) && !(key in this.before)) delete this.own[key]
    else this.own[key] = value
    delete this.refused[key]
    if (!isLocal(key)) {
      this.status = this.next() ? 'waiting' : this.status === 'waiting' ? 'quiet' : this.status
      this.schedule(patience)
    }
    this.changed()
  }

  /** Saves at once, as when somebody leaves a field or the page. */
  flush(): Promise<void> {
    clearTimeout(this.timer)
    return this.inTurn(() => this.save())
  }

  /** Whether everything that was written is with the server. */
  get isSettled(): boolean {
    return Object.keys(this.own).every(isLocal)
  }

  /**
   * Carries out something else on the working copy, after what was written is saved. With `again` it is tried once more
   * on what somebody else made of it: for what does not depend on the rest.
   */
  perform(act: (revision: number) => Promise<Outcome<R>>, again = false): Promise<Outcome<R>> {
    clearTimeout(this.timer)
    return this.inTurn(async () => {
      await this.save()
      let outcome = await act(this.revision)
      if (outcome.kind === 'stale') {
        const why = await this.refresh()
        if (why) return { kind: 'failed', why }
        if (again) outcome = await act(this.revision)
      }
      if (outcome.kind === 'saved') this.adopt(outcome.now)
      this.changed()
      return outcome
    })
  }

  /** Takes over what the server says now; what was written here and is not saved stays. */
  receive(now: Snapshot<R>): void {
    if (now.revision < this.revision) return
    this.adopt(now, {}, now.revision > this.revision)
    this.changed()
  }

  /** Fields that somebody else changed too, with both values. */
  conflicts(): { key: string; mine: Value; theirs: Value }[] {
    return Object.keys(this.before).map((key) => ({ key, mine: this.own[key], theirs: this.saved[key] }))
  }

  /** Decides what a field that both changed says. */
  resolve(key: string, value: Value): Promise<void> {
    delete this.before[key]
    this.set(key, value)
    return this.flush()
  }

  /** Somebody has read what was put back and what was taken over. */
  acknowledge(): void {
    this.isRestored = false
    this.taken = []
    this.changed()
  }

  /** Forgets what was written in a part that is gone. */
  forget(): void {
    this.lost = {}
    this.changed()
  }

  /** Tries no more by itself: what is not saved stays in this browser. */
  stop(): void {
    clearTimeout(this.timer)
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.turn.then(work)
    this.turn = turn.catch(() => {})
    return turn
  }

  private schedule(delay: number): void {
    clearTimeout(this.timer)
    if (this.next()) this.timer = setTimeout(() => void this.flush(), delay)
  }

  /** Changes of one group that can be sent; undefined where there are none. */
  private next(): Values | undefined {
    const ready = Object.keys(this.own).filter((key) => !isLocal(key) && !(key in this.before) && !(key in this.refused))
    if (ready.length === 0) return undefined
    const group = this.link.groupOf(ready[0])
    return Object.fromEntries(ready.filter((key) => this.link.groupOf(key) === group).map((key) => [key, this.own[key]]))
  }

  private async save(): Promise<void> {
    for (let changes = this.next(); changes; changes = this.next()) {
      this.status = 'saving'
      this.changed()
      const outcome = await this.link.send(changes, this.revision)
      const why = outcome.kind === 'failed' ? outcome.why : outcome.kind === 'stale' ? await this.refresh() : undefined
      if (why) {
        this.fail(why)
        return
      }
      if (outcome.kind === 'saved') this.wasSaved(outcome.now, changes, outcome.notes)
      if (outcome.kind === 'refused') this.refuse(outcome.problems, changes)
      this.changed()
    }
    if (this.status !== 'saved' && this.status !== 'failed') this.status = 'quiet'
    this.changed()
  }

  private wasSaved(now: Snapshot<R>, changes: Values, notes: Problem[] | undefined): void {
    this.adopt(now, changes)
    this.notes = notes ?? this.notes
    this.status = 'saved'
    this.savedAt = new Date()
    this.why = undefined
    this.attempts = 0
  }

  private refuse(problems: Problem[], changes: Values): void {
    for (const { key, message } of problems) if (key in changes) this.refused[key] = message
    // Nothing was saved, and we cannot tell which field it is: each waits for another word.
    if (!problems.some(({ key }) => key in changes)) for (const key of Object.keys(changes)) this.refused[key] = problems[0]?.message ?? ''
    this.status = 'quiet'
  }

  private fail(why: Failure): void {
    this.status = 'failed'
    this.why = why
    this.schedule(Math.min(firstRetry * 2 ** this.attempts++, lastRetry))
    this.changed()
  }

  private async refresh(): Promise<Failure | undefined> {
    const now = await this.link.load()
    if (typeof now === 'string') return now
    if (!now) return 'forbidden'
    this.adopt(now, {}, true)
    return undefined
  }

  /** What was sent is what we know to be there, also where the server says it in other words. */
  private adopt(now: Snapshot<R>, sent: Values = {}, isOthers = false): void {
    const values = { ...now.values, ...sent }
    const [locals, mine] = apart(this.own)
    const merged = merge({ ...this.saved, ...sent, ...this.before }, mine, values)
    this.own = { ...merged.own, ...locals }
    this.before = merged.conflicts
    this.lost = { ...this.lost, ...merged.lost }
    if (isOthers) this.taken = [...new Set([...this.taken, ...merged.taken, ...merged.joined])]
    this.saved = values
    this.revision = now.revision
    this.record = now.record
  }

  private changed(): void {
    this.keep()
    for (const listener of this.listeners) listener()
  }

  private keep(): void {
    const own = Object.keys(this.own)
    try {
      if (own.length === 0 && Object.keys(this.lost).length === 0) return this.store.removeItem(this.place)
      const base = Object.fromEntries(own.map((key) => [key, this.before[key] ?? this.saved[key] ?? null]))
      this.store.setItem(this.place, JSON.stringify({ base, own: this.own, lost: this.lost } satisfies Kept))
    } catch {
      // A browser that keeps nothing: the server has all but the last second.
    }
  }

  private restore(): void {
    let kept: Kept
    try {
      kept = JSON.parse(this.store.getItem(this.place) ?? 'null')
    } catch {
      return
    }
    if (!kept) return
    const [locals, mine] = apart(kept.own)
    const merged = merge(kept.base, mine, this.saved)
    this.own = { ...merged.own, ...locals }
    this.before = merged.conflicts
    this.lost = { ...kept.lost, ...merged.lost }
    this.isRestored = Object.keys(this.own).length + Object.keys(this.lost).length > 0
    this.schedule(0)
  }

  private get place(): string {
    return 'plein:copy:' + this.id
  }
}
