import { expect, test } from 'vitest'
import { merge, type Values } from './merge'

const base: Values = { title: 'Wie gebruikt de regeling niet?', question: 'Vraag', phase: 'IDEA', methods: ['a', 'b'], contacts: [{ label: 'Onderzoek', email: '' }], known: null }
const now = (changes: Values): Values => ({ ...base, ...changes })

test('what only I changed stays mine, what only they changed is taken over', () => {
  const m = merge(base, { title: 'Mijn titel' }, now({ question: 'Hun vraag' }))
  expect(m).toEqual({ own: { title: 'Mijn titel' }, conflicts: {}, joined: [], taken: ['question'], lost: {} })
})

test('a text that both changed is a conflict that keeps all three', () => {
  const m = merge(base, { title: 'Mijn titel' }, now({ title: 'Hun titel' }))
  expect(m.own).toEqual({ title: 'Mijn titel' })
  expect(m.conflicts).toEqual({ title: base.title })
})

test('the same change made twice is no conflict and need not be saved', () => {
  expect(merge(base, { title: 'Nieuw', methods: ['b'] }, now({ title: 'Nieuw', methods: ['b'] }))).toMatchObject({ own: {}, conflicts: {}, joined: [] })
})

test('choices that both made go together', () => {
  const m = merge(base, { methods: ['b', 'c'] }, now({ methods: ['a', 'b', 'd'] }))
  expect(m.own.methods).toEqual(['b', 'd', 'c'])
  expect(m.joined).toEqual(['methods'])
  expect(m.conflicts).toEqual({})
})

test('an item that both added stands in the list once', () => {
  expect(merge(base, { methods: ['a', 'b', 'c'] }, now({ methods: ['b', 'c'] })).own).toEqual({ methods: ['b', 'c'] })
})

test('an item that both rewrote is a conflict, one that each added is not', () => {
  const mine = [{ label: 'Onderzoek', email: 'o@gemeente.example' }]
  const theirs = [{ label: 'Team onderzoek', email: '' }]
  expect(Object.keys(merge(base, { contacts: mine }, now({ contacts: theirs })).conflicts)).toEqual(['contacts'])
  const added = (label: string) => [...(base.contacts as object[]), { label, email: '' }]
  expect(merge(base, { contacts: added('Loket') }, now({ contacts: added('CBS') })).own.contacts).toEqual([...added('CBS'), { label: 'Loket', email: '' }])
})

test('what I rewrote and they took away comes back as I wrote it', () => {
  const mine = [{ label: 'Onderzoek', email: 'o@gemeente.example' }]
  expect(merge(base, { contacts: mine }, now({ contacts: [] })).own.contacts).toEqual(mine)
})

test('what I wrote in a part that they took away is kept apart', () => {
  const old = { ...base, 'outputs/p1/title': 'Factsheet' }
  expect(merge(old, { 'outputs/p1/title': 'Factsheet 2027' }, base)).toMatchObject({ own: {}, lost: { 'outputs/p1/title': 'Factsheet 2027' } })
})

test('no change of anybody gets lost, whatever the two of them do', () => {
  const texts = ['', 'een', 'twee', 'drie']
  const lists = [[], ['a'], ['b'], ['a', 'b'], ['b', 'c'], ['c', 'a', 'd']]
  for (const b of texts)
    for (const m of texts)
      for (const t of texts) {
        const { own, conflicts } = merge({ x: b }, m === b ? {} : { x: m }, { x: t })
        const shown = 'x' in own ? own.x : t
        if (m !== b && t !== b && m !== t) expect([own.x, conflicts.x]).toEqual([m, b])
        else expect(shown).toBe(m !== b ? m : t)
      }
  for (const b of lists)
    for (const m of lists)
      for (const t of lists) {
        const { own, conflicts } = merge({ x: b }, { x: m }, { x: t })
        const shown = 'x' in own ? (own.x as string[]) : t
        expect(conflicts).toEqual({})
        for (const item of ['a', 'b', 'c', 'd']) {
          const [was, mine, theirs] = [b, m, t].map((list) => list.includes(item as never))
          expect(shown.includes(item)).toBe(mine === was ? theirs : mine)
        }
      }
})
