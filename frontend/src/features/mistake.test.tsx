import { expect, test } from 'vitest'
import { page } from '../page'
import { expectAccessible, showPage } from '../testing'
import { Reported, ReportMistake } from './Mistake'

const record = page({
  shows: () => ({
    title: 'Les',
    body: (
      <>
        <h1>Les</h1>
        <Reported />
        <ReportMistake id="les_1" />
      </>
    ),
  }),
})
const at = (url: string) => showPage(record, undefined, url).container

test('a mistake is reported with a plain form, in the language of the page', async () => {
  const container = at('/en/lessen/udc-a/les')
  const form = container.querySelector<HTMLFormElement>('details:not([open]) form')!
  expect(form.method).toBe('post')
  expect(form.getAttribute('action')).toBe('/en/fout-melden')
  expect(Object.fromEntries(new FormData(form))).toEqual({ record: 'les_1', message: '' })
  expect(container.querySelector('main .plein-notice')).toBeNull()
  await expectAccessible(container)
})

test('what came of it stands on top', async () => {
  expect(at('/lessen/udc-a/les?gemeld=ja').querySelector('main [role=status]')!.textContent).toContain('Wie deze beschrijving bijhoudt')
  const failed = at('/lessen/udc-a/les?fout=melding')
  expect(failed.querySelector('main [role=alert] a')!.getAttribute('href')).toBe('#fout-melden')
  expect(failed.querySelector('details[open] #melding-fout')).not.toBeNull()
  await expectAccessible(failed)
  expect(at('/lessen/udc-a/les?fout=iets').querySelector('main [role=alert]')).toBeNull()
})
