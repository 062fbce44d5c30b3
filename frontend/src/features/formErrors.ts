import type { Where } from '../page'
import type { FieldError } from '../ui/Field'

/** What the server found wrong in a form, by the address that it sent the form back to; `fields` has the field of each fault, and `own` other words for some. */
export function formErrors({ query, t }: Where, fields: Record<string, string>, own: Record<string, string> = {}): FieldError[] {
  const fault = query.get('fout')
  if (!fault) return []
  const rule = fault === 'wachtwoord' ? t.account.rule[query.get('regel') ?? ''] : undefined
  return [[fields[fault], rule ?? own[fault] ?? t.account.fault[fault] ?? t.fault.unavailable.text]]
}
