import { expect, test } from 'vitest'
import { expectAccessible, showPage } from '../../testing'
import forgotten from './page'

const node = (mail: boolean) => ({ service: { signIn: { mail } } })

test('who forgot a password asks for a link, and is told the same whoever asks', async () => {
  const { container } = showPage(forgotten, node(true), '/wachtwoord-vergeten')
  expect(container.querySelector('form[method=post]')!.getAttribute('action')).toBe('/wachtwoord-vergeten')
  await expectAccessible(container)
  const sent = showPage(forgotten, node(true), '/wachtwoord-vergeten?verzonden=ja').container
  expect(sent.querySelector('main [role=status]')!.textContent).toContain('Hoort er een account bij dit adres?')
  expect(sent.querySelector('main form')).toBeNull()
})

test('a node without mail says whom to ask', () => {
  const { container } = showPage(forgotten, node(false), '/en/wachtwoord-vergeten')
  expect(container.querySelector('h1')!.textContent).toBe('This website sends no e-mail')
  expect(container.querySelector('main form')).toBeNull()
})
