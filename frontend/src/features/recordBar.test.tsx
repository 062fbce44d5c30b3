import { afterEach, expect, test, vi } from 'vitest'
import { page } from '../page'
import { expectAccessible, showPage } from '../testing'
import { RecordBar } from './RecordBar'

const record = page({
  shows: () => ({
    title: 'Project',
    body: (
      <>
        <h1>Project</h1>
        <RecordBar id="prj_1" />
      </>
    ),
  }),
})
const can = (viewerCan: string[], audience = 'PUBLIC') => vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(JSON.stringify({ data: { viewer: { id: 'usr_1' }, node: { viewerCan, audience } } })))

afterEach(() => vi.restoreAllMocks())

test('a public page has the ways to what one may do with its record', async () => {
  can(['UPDATE', 'WITHDRAW', 'REPORT'])
  const { container } = showPage(record, undefined, '/en/projecten/udc-a/kamers')
  await vi.waitFor(() => expect(container.querySelector('.plein-recordbar')).not.toBeNull())
  expect([...container.querySelectorAll('.plein-recordbar a')].map((a) => [a.getAttribute('href'), a.textContent])).toEqual([
    ['/en/publiceren/prj_1', 'Edit'],
    ['/en/publiceren/prj_1/geschiedenis', 'History'],
    ['/en/publiceren/prj_1/intrekken', 'Archive or withdraw'],
  ])
  await expectAccessible(container)
})

test('who can only report a mistake has no use for them', async () => {
  const fetch = can(['REPORT'])
  const { container } = showPage(record, undefined, '/projecten/udc-a/kamers')
  await vi.waitFor(() => expect(fetch).toHaveBeenCalled())
  await new Promise((done) => setTimeout(done))
  expect(container.querySelector('.plein-recordbar')).toBeNull()
})

test('what is for members alone says so to whoever reads it', async () => {
  can(['REPORT'], 'COMMUNITY')
  const { container } = showPage(record, undefined, '/projecten/udc-a/kamers')
  await vi.waitFor(() => expect(container.querySelector('.plein-recordbar')?.textContent).toContain('Alleen mensen met een account'))
  expect(container.querySelector('.plein-recordbar a')).toBeNull()
  await expectAccessible(container)
})
