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
const can = (viewerCan: string[], audience = 'PUBLIC', { writes = false, ...more }: { writes?: boolean; provenance?: string; reusedBy?: object; hiddenReuses?: object[]; hiddenGone?: object[] } = {}) => {
  const memberships = [{ organization: { viewerCan: writes ? ['WRITE'] : [] } }]
  const node = { __typename: 'Project', viewerCan, audience, reusedBy: { totalCount: 0 }, hiddenReuses: null, hiddenGone: null, ...more }
  return vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(JSON.stringify({ data: { viewer: { id: 'usr_1', memberships }, node } })))
}

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

test('who writes somewhere can repeat a project of anybody, also a copy', async () => {
  can(['WITHDRAW'], 'PUBLIC', { writes: true, provenance: 'PEER' }) // a moderator, of what is not here
  const { container } = showPage(record, undefined, '/projecten/udc-zuid/kamers')
  await vi.waitFor(() => expect(container.querySelector('.plein-recordbar')).not.toBeNull())
  expect([...container.querySelectorAll('.plein-recordbar a')].map((a) => [a.getAttribute('href'), a.textContent])).toEqual([['/publiceren/prj_1/herhalen', 'Herhaal dit project']])
  await expectAccessible(container)
})

test.each([{ hiddenReuses: [{ id: 'prj_2.b1' }], hiddenGone: [] }, { hiddenReuses: [], hiddenGone: [{ id: 'prj_1.prj_2' }] }])('its own people see who repeated it, also when all of those are left out', async (hidden) => {
  can(['REPORT'], 'PUBLIC', hidden)
  const { container } = showPage(record, undefined, '/projecten/udc-a/kamers')
  await vi.waitFor(() => expect(container.querySelector('.plein-recordbar a[href="/publiceren/prj_1/herhaald"]')?.textContent).toBe('Wie herhaalde dit?'))
})
