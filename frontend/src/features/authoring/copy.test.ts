import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WorkingCopy, type Link, type Outcome, type Snapshot } from './copy'
import type { Values } from './merge'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A server with one record and a lock, as the real one has it; every answer takes a tenth of a second. */
class Server implements Link<string> {
  revision = 1
  values: Values = { title: 'Titel', question: 'Vraag', methods: [], 'en.title': '', 'outputs/a/title': 'Factsheet' }
  changes: Values[] = []
  underway = 0
  mostUnderway = 0
  isDown = false
  /** Fields that it does not take. */
  wrong = new Map<string, string>()

  now(): Snapshot<string> {
    return { revision: this.revision, values: { ...this.values }, record: `r${this.revision}` }
  }

  async send(changes: Values, revision: number): Promise<Outcome<string>> {
    this.mostUnderway = Math.max(this.mostUnderway, ++this.underway)
    await new Promise((done) => setTimeout(done, 100))
    this.underway--
    if (this.isDown) return { kind: 'failed', why: 'unavailable' }
    if (revision !== this.revision) return { kind: 'stale' }
    const problems = [...this.wrong].filter(([key, bad]) => changes[key] === bad).map(([key]) => ({ key, message: 'Dit kan niet.' }))
    if (problems.length > 0) return { kind: 'refused', problems }
    this.changes.push(changes)
    this.write(changes)
    return { kind: 'saved', now: this.now() }
  }

  async load(): Promise<Snapshot<string> | 'unavailable'> {
    return this.isDown ? 'unavailable' : this.now()
  }

  /** What somebody else saves. */
  write(values: Values): void {
    Object.assign(this.values, values)
    this.revision++
  }

  groupOf(key: string): string {
    return key.startsWith('en.') ? 'en' : key.startsWith('outputs/') ? key.slice(0, 9) : ''
  }

  open(): WorkingCopy<string> {
    const link: Link<string> = { send: (c, r) => this.send(c, r), load: () => this.load(), groupOf: this.groupOf }
    return new WorkingCopy('p1', this.now(), link, sessionStorage)
  }
}

beforeEach(() => sessionStorage.clear())

test('what was typed is saved a second after the last key, and only what changed', async () => {
  const server = new Server()
  const copy = server.open()
  for (const title of ['T', 'Ti', 'Tit']) {
    copy.set('title', title)
    await vi.advanceTimersByTimeAsync(900)
  }
  expect(server.changes).toEqual([])
  await vi.advanceTimersByTimeAsync(300)
  expect(server.changes).toEqual([{ title: 'Tit' }])
  expect([copy.status, copy.revision, copy.isSettled]).toEqual(['saved', 2, true])
  expect(sessionStorage.length).toBe(0)
})

test('leaving a field saves at once, and what is put back as it was is not saved', async () => {
  const server = new Server()
  const copy = server.open()
  copy.set('title', 'Anders')
  copy.set('title', 'Titel')
  await vi.advanceTimersByTimeAsync(2_000)
  copy.set('question', 'Nieuw')
  void copy.flush()
  await vi.advanceTimersByTimeAsync(100)
  expect(server.changes).toEqual([{ question: 'Nieuw' }])
})

test('one change is under way at a time, also when somebody goes on typing; languages and parts go apart', async () => {
  const server = new Server()
  const copy = server.open()
  for (let i = 0; i < 20; i++) {
    copy.set('title', `Titel ${i}`)
    copy.set('en.title', `Title ${i}`)
    copy.set('outputs/a/title', `Factsheet ${i}`)
    void copy.flush()
    await vi.advanceTimersByTimeAsync(60)
  }
  await vi.advanceTimersByTimeAsync(5_000)
  expect(server.mostUnderway).toBe(1)
  expect(server.values).toMatchObject({ title: 'Titel 19', 'en.title': 'Title 19', 'outputs/a/title': 'Factsheet 19' })
  for (const change of server.changes) expect(new Set(Object.keys(change).map(server.groupOf)).size).toBe(1)
})

test('without a connection it is tried again after longer and longer, and a reload loses nothing', async () => {
  const server = new Server()
  const copy = server.open()
  server.isDown = true
  copy.set('title', 'Onderweg')
  await vi.advanceTimersByTimeAsync(1_200)
  expect([copy.status, copy.why]).toEqual(['failed', 'unavailable'])
  const send = vi.spyOn(server, 'send')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(send.mock.calls.length).toBe(4) // after 2, 4, 8 and 16 seconds, and the tenth of a second that each takes
  expect(vi.getTimerCount()).toBe(1)
  const again = server.open()
  expect([again.value('title'), again.isRestored]).toEqual(['Onderweg', true])
  server.isDown = false
  await vi.advanceTimersByTimeAsync(61_000)
  expect(server.values.title).toBe('Onderweg')
  expect(again.status).toBe('saved')
})

test('a field that is refused waits for another word; the others are saved', async () => {
  const server = new Server()
  server.wrong.set('question', 'slecht')
  const copy = server.open()
  copy.set('question', 'slecht')
  copy.set('title', 'Goed')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(copy.refused).toEqual({ question: 'Dit kan niet.' })
  expect(server.changes).toEqual([{ title: 'Goed' }])
  expect(copy.isSettled).toBe(false)
  copy.set('question', 'beter')
  await vi.advanceTimersByTimeAsync(2_000)
  expect([copy.refused, server.values.question]).toEqual([{}, 'beter'])
})

test('what somebody else changed elsewhere is taken over, and mine is saved on it', async () => {
  const server = new Server()
  const copy = server.open()
  server.write({ question: 'Hun vraag' })
  copy.set('title', 'Mijn titel')
  await vi.advanceTimersByTimeAsync(2_000)
  expect(server.values).toMatchObject({ title: 'Mijn titel', question: 'Hun vraag' })
  expect([copy.value('question'), copy.taken, copy.conflicts()]).toEqual(['Hun vraag', ['question'], []])
})

test('a text that both changed waits for a choice, also over a reload; the rest goes on', async () => {
  const server = new Server()
  const copy = server.open()
  server.write({ title: 'Hun titel' })
  copy.set('title', 'Mijn titel')
  copy.set('question', 'Mijn vraag')
  await vi.advanceTimersByTimeAsync(2_000)
  expect(server.values).toMatchObject({ title: 'Hun titel', question: 'Mijn vraag' })
  expect(copy.conflicts()).toEqual([{ key: 'title', mine: 'Mijn titel', theirs: 'Hun titel' }])

  const again = server.open()
  expect(again.conflicts()).toEqual(copy.conflicts())
  server.write({ title: 'Hun tweede titel' }) // they go on as well
  void again.resolve('title', 'Samen')
  await vi.advanceTimersByTimeAsync(2_000)
  expect(again.conflicts()).toEqual([{ key: 'title', mine: 'Samen', theirs: 'Hun tweede titel' }])
  void again.resolve('title', 'Hun tweede titel')
  await vi.advanceTimersByTimeAsync(2_000)
  expect([again.conflicts(), again.isSettled, server.values.title]).toEqual([[], true, 'Hun tweede titel'])
  expect(sessionStorage.length).toBe(0)
})

test('what was written in a part that somebody took away is kept until it is put away', async () => {
  const server = new Server()
  const copy = server.open()
  delete server.values['outputs/a/title']
  server.revision++
  copy.set('outputs/a/title', 'Factsheet 2027')
  await vi.advanceTimersByTimeAsync(2_000)
  expect(copy.lost).toEqual({ 'outputs/a/title': 'Factsheet 2027' })
  expect(server.open().lost).toEqual(copy.lost)
  copy.forget()
  expect(sessionStorage.length).toBe(0)
})

test('an action comes after what was typed, on the revision of then', async () => {
  const server = new Server()
  const copy = server.open()
  copy.set('title', 'Eerst dit')
  const acted = copy.perform(async (revision) => {
    expect([revision, server.values.title]).toEqual([2, 'Eerst dit'])
    server.write({ methods: ['a'] })
    return { kind: 'saved', now: server.now() }
  })
  await vi.advanceTimersByTimeAsync(500)
  expect((await acted).kind).toBe('saved')
  expect([copy.value('methods'), copy.revision, copy.taken]).toEqual([['a'], 3, []])
})

test('an action on what somebody else changed meanwhile is told so, or tried again where it does not matter', async () => {
  const server = new Server()
  const copy = server.open()
  const act = async (revision: number): Promise<Outcome<string>> => (revision === server.revision ? { kind: 'saved', now: server.now() } : { kind: 'stale' })
  server.write({ title: 'Hun titel' })
  expect((await copy.perform(act)).kind).toBe('stale')
  expect(copy.value('title')).toBe('Hun titel')
  server.write({ title: 'Nog een' })
  expect((await copy.perform(act, true)).kind).toBe('saved')
})

test('what is not for the server yet stays in this browser', async () => {
  const server = new Server()
  const copy = server.open()
  copy.set('+output', [{ title: 'Nog niet klaar' }])
  await vi.advanceTimersByTimeAsync(5_000)
  expect([server.changes, copy.isSettled]).toEqual([[], true])
  expect(server.open().value('+output')).toEqual([{ title: 'Nog niet klaar' }])
})

test('an older answer changes nothing', () => {
  const server = new Server()
  const copy = server.open()
  const old = server.now()
  server.write({ title: 'Nieuw' })
  copy.receive(server.now())
  copy.receive(old)
  expect([copy.value('title'), copy.revision]).toEqual(['Nieuw', 2])
})
