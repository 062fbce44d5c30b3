import type { Language } from '../routes'

// goja has no Intl, and the server and the browser have to write the same.
const months: Record<Language, string[]> = {
  nl: ['januari', 'februari', 'maart', 'april', 'mei', 'juni', 'juli', 'augustus', 'september', 'oktober', 'november', 'december'],
  en: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
}

/** A date as precise as it is known (2017, 2017-12, 2017-12-31), or the day that a moment was in the Netherlands. */
export function datum(iso: string, language: Language): string {
  const [year, month, day] = (iso.includes('T') ? dayInTheNetherlands(iso) : iso).split('-').map(Number)
  if (!month) return String(year)
  const name = months[language][month - 1]
  return day ? `${day} ${name} ${year}` : `${name} ${year}`
}

function dayInTheNetherlands(iso: string): string {
  return inTheNetherlands(iso).toISOString().slice(0, 10)
}

/** The time in the Netherlands at a moment, such as 14:03. */
export function tijd(iso: string): string {
  return inTheNetherlands(iso).toISOString().slice(11, 16)
}

/** The moment at which it is this day (2027-01-12) and time (09:00) in the Netherlands; of an hour that comes twice the first. */
export function moment(day: string, time: string): string {
  const [summer, winter] = [2, 1].map((hours) => new Date(Date.parse(`${day}T${time}:00Z`) - hours * 3_600_000).toISOString())
  return tijd(summer) === time ? summer : winter
}

function inTheNetherlands(iso: string): Date {
  const at = new Date(iso)
  const year = at.getUTCFullYear()
  const summer = at.getTime() >= lastSunday(year, 2) && at.getTime() < lastSunday(year, 9)
  return new Date(at.getTime() + (summer ? 2 : 1) * 3_600_000)
}

// Summer time begins and ends at 01:00 UTC on the last Sundays of March and October (Directive 2000/84/EC).
function lastSunday(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month + 1, 0, 1))
  return last.getTime() - last.getUTCDay() * 86_400_000
}

/** 1530 → 1.530 in Dutch and 1,530 in English; decimals as they are, with the language's sign. */
export function getal(n: number, language: Language): string {
  const [whole, decimals] = String(Math.abs(n)).split('.')
  let grouped = whole
  for (let i = whole.length - 3; i > 0; i -= 3) grouped = grouped.slice(0, i) + (language === 'nl' ? '.' : ',') + grouped.slice(i)
  return (n < 0 ? '-' : '') + grouped + (decimals ? (language === 'nl' ? ',' : '.') + decimals : '')
}
