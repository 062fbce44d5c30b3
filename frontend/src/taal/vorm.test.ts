import { expect, test } from 'vitest'
import { datum, getal, moment } from '.'

test('a moment is the day that it was in the Netherlands, as Intl says', () => {
  const locales = { nl: 'nl-NL', en: 'en-GB' } as const
  const hour = 3_600_000
  // Every 7 hours through the years, and around each change of the clock.
  const moments: number[] = []
  for (let at = Date.UTC(2015, 0, 1); at < Date.UTC(2031, 0, 1); at += 7 * hour) moments.push(at)
  for (let year = 2015; year < 2031; year++) {
    for (const month of [2, 9]) for (let d = 22; d <= 31; d++) moments.push(Date.UTC(year, month, d, 0, 59), Date.UTC(year, month, d, 22, 1), Date.UTC(year, month, d, 23, 1))
  }
  for (const language of ['nl', 'en'] as const) {
    const expected = new Intl.DateTimeFormat(locales[language], { timeZone: 'Europe/Amsterdam', day: 'numeric', month: 'long', year: 'numeric' })
    for (const at of moments) expect(datum(new Date(at).toISOString(), language)).toBe(expected.format(at))
  }
})

test('a date is as precise as it is known', () => {
  expect(['2017', '2017-12', '2027-01-12'].map((d) => datum(d, 'nl'))).toEqual(['2017', 'december 2017', '12 januari 2027'])
  expect(datum('2017-12', 'en')).toBe('December 2017')
})

test('a number has the signs of its language', () => {
  expect([0, 999, 1530, 1234567, -1530, 2.5].map((n) => getal(n, 'nl'))).toEqual(['0', '999', '1.530', '1.234.567', '-1.530', '2,5'])
  expect([1530, 1234567, 2.5].map((n) => getal(n, 'en'))).toEqual(['1,530', '1,234,567', '2.5'])
})

test('a day and a time in the Netherlands are a moment, in summer and in winter', () => {
  expect(moment('2027-01-12', '09:00')).toBe('2027-01-12T08:00:00.000Z')
  expect(moment('2027-07-12', '09:00')).toBe('2027-07-12T07:00:00.000Z')
  expect(moment('2027-03-28', '01:59')).toBe('2027-03-28T00:59:00.000Z')
  expect(moment('2027-03-28', '03:00')).toBe('2027-03-28T01:00:00.000Z')
  expect(moment('2027-10-31', '02:30')).toBe('2027-10-31T00:30:00.000Z')
})
