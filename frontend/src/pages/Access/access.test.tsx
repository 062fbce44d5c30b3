import { expect, test } from 'vitest'
import { expectAccessible, showPage } from '../../testing'
import access from './page'

const url = '/toegang/geheim'

test.each([
  ['INVITE' as const, ['name', 'email', 'password'], true],
  ['RESET' as const, ['email', 'password'], true],
  ['SETUP' as const, ['name', 'email', 'password'], false],
])('%s asks what it needs, and says the rules beforehand', async (kind, fields, known) => {
  const link = { kind, email: known ? 'a@gemeente.example' : null, name: null }
  const { container, view } = showPage(access, { accessLink: link }, url)
  expect(view).toMatchObject({ status: 200, hidden: true })
  const form = container.querySelector<HTMLFormElement>('form[method=post]')!
  expect(form.getAttribute('action')).toBe(url)
  expect([...form.querySelectorAll('input')].map((i) => i.name)).toEqual(fields)
  expect(form.querySelector<HTMLInputElement>('#email')!.readOnly).toBe(known)
  expect(form.textContent).toContain('Ten minste 12 tekens')
  await expectAccessible(container)
})

test('a password that cannot be says which rule it breaks', async () => {
  const { container } = showPage(access, { accessLink: { kind: 'RESET', email: 'a@gemeente.example', name: 'A' } }, url + '?fout=wachtwoord&regel=COMMON')
  expect(container.querySelector('[role=alert] a[href="#password"]')!.textContent).toContain('veel mensen')
  expect(container.querySelector('#password-fout')!.textContent).toContain('veel mensen')
  await expectAccessible(container)
})

test('a link that leads nowhere says what to do, and repeats nothing of it', async () => {
  const { container, view } = showPage(access, { accessLink: null }, '/en' + url + '?fout=verlopen')
  expect(view.status).toBe(404)
  expect(container.querySelector('form[method=post]')).toBeNull()
  expect(container.querySelector('main a[href="/en/wachtwoord-vergeten"]')).not.toBeNull()
  expect(container.querySelector('main')!.innerHTML).not.toContain('geheim')
  await expectAccessible(container)
})
