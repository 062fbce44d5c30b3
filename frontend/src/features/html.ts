/**
 * HTML as text; what is put into it is escaped. For the few places with hundreds of the same small element, where
 * components take longer to render on the server than the rest of the page.
 */
export function html(parts: TemplateStringsArray, ...values: (string | number)[]): string {
  let text = parts[0]
  for (let i = 0; i < values.length; i++) text += escape(values[i]) + parts[i + 1]
  return text
}

const special: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const specials = /[&<>"]/

function escape(value: string | number): string {
  const text = String(value)
  return specials.test(text) ? text.replace(/[&<>"]/g, (c) => special[c]) : text
}
