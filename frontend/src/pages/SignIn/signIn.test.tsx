import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import { expectAccessible, showPage } from '../../testing'
import signIn from './page'

const options = (rest = {}) => ({ service: { signIn: { needsSetup: false, openIdName: null, ...rest } } })

test('the form works without a script and leads back to where one was', async () => {
  const { container } = showPage(signIn, options(), '/inloggen?volgende=%2Fpubliceren%2Fprj_1')
  const form = container.querySelector<HTMLFormElement>('form[method=post]')!
  expect(form.getAttribute('action')).toBe('/inloggen')
  expect([...form.querySelectorAll('input')].map((i) => [i.name, i.type, i.autocomplete])).toEqual([
    ['volgende', 'hidden', ''],
    ['email', 'email', 'username'],
    ['password', 'password', 'current-password'],
  ])
  expect(form.querySelector<HTMLInputElement>('[name=volgende]')!.value).toBe('/publiceren/prj_1')
  await expectAccessible(container)
})

test('a password can be shown', async () => {
  const { container } = showPage(signIn, options(), '/en/inloggen')
  const field = container.querySelector<HTMLInputElement>('#password')!
  await userEvent.click(container.querySelector('[aria-pressed=false]')!)
  expect(field.type).toBe('text')
  await userEvent.click(container.querySelector('[aria-pressed=true]')!)
  expect(field.type).toBe('password')
})

test('what went wrong is said above the form and at the field', async () => {
  const { container, view } = showPage(signIn, options(), '/inloggen?fout=onjuist')
  expect(view.title).toBe('Fout: Inloggen')
  expect(container.querySelector('[role=alert] a')!.getAttribute('href')).toBe('#email')
  expect(container.querySelector('#email')!.getAttribute('aria-invalid')).toBe('true')
  expect(document.activeElement).toBe(container.querySelector('[role=alert]'))
  await expectAccessible(container)
  expect(showPage(signIn, options(), '/inloggen?fout=verzonnen').container.querySelector('[role=alert]')!.textContent).toContain('Probeer het over een minuut opnieuw')
})

test('another service is offered where there is one, and nothing on a node without accounts', () => {
  const { container } = showPage(signIn, options({ openIdName: 'Voorbeeldstad' }), '/inloggen?volgende=%2Fmijn')
  expect(container.querySelector('a[href="/inloggen/oidc?volgende=%2Fmijn"]')!.textContent).toBe('Inloggen met Voorbeeldstad')
  const unset = showPage(signIn, options({ needsSetup: true }), '/inloggen').container
  expect(unset.querySelector('form[method=post]')).toBeNull()
  expect(unset.querySelector('main')!.textContent).toContain('nog geen accounts')
})

test('only a demo says with which invented accounts one signs in', async () => {
  const told = (demo: boolean, url: string) => showPage(signIn, options(), url, undefined, demo).container
  for (const url of ['/inloggen', '/en/inloggen']) {
    const demo = told(true, url)
    expect([...demo.querySelectorAll('main code')].map((c) => c.textContent)).toEqual([
      'auteur@voorbeeld.example',
      'coordinator@voorbeeld.example',
      'beheerder@voorbeeld.example',
      'drie molens in de mist',
    ])
    await expectAccessible(demo)
    expect(told(false, url).textContent).not.toMatch(/voorbeeld\.example|molens|verzonnen|invented/)
  }
})
