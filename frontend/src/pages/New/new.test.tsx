import { fireEvent, screen, waitFor } from '@testing-library/preact'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import persisted from '../../graphql/generated/persisted-documents.json'
import { expectAccessible, showPage } from '../../testing'
import begin from './page'

const documents = persisted as Record<string, string>
let sent: { name: string; variables: { input?: Record<string, unknown>; text?: string; municipality?: string } }[]
let replies: Record<string, unknown>

beforeEach(() => {
  sessionStorage.clear()
  sent = []
  replies = {}
  vi.stubGlobal('fetch', async (_: string, { body }: RequestInit) => {
    const { variables, extensions } = JSON.parse(String(body))
    const name = /(?:query|mutation) (\w+)/.exec(documents['sha256:' + extensions.persistedQuery.sha256Hash])![1]
    sent.push({ name, variables })
    return new Response(JSON.stringify({ data: replies[name] ?? null }))
  })
})
afterEach(() => void vi.unstubAllGlobals())

const organization = (name: string, ...viewerCan: 'WRITE'[]) => ({ role: 'AUTHOR' as const, organization: { id: name, slug: name, name, viewerCan, municipalities: [{ code: 'GM0001' }] } })
const viewer = (...memberships: ReturnType<typeof organization>[]) => ({ viewer: { id: 'u1', displayName: 'A. Schrijver', memberships } })
const show = (data = viewer(organization('UDC Een', 'WRITE')), url = '/publiceren/nieuw') => showPage(begin, data, url)

test('who may write for one organisation need not choose; others choose among those', async () => {
  const { container } = show()
  screen.getByText('U schrijft voor UDC Een.')
  await expectAccessible(container)
  const en = show(viewer(organization('UDC One', 'WRITE'), organization('UDC Two', 'WRITE'), organization('Museum')), '/en/publiceren/nieuw')
  expect([...screen.getByLabelText<HTMLSelectElement>('For which organisation?').options].map((o) => o.text)).toEqual(['UDC One', 'UDC Two'])
  await expectAccessible(en.container)
})

test('who may write for none is told whom to ask', async () => {
  const { container } = show(viewer(organization('Museum')))
  screen.getByText(/de rol Auteur/)
  expect(container.querySelector('main form')).toBeNull()
  await expectAccessible(container)
})

test('while one types, what others did already comes up with why', async () => {
  replies.Alike = {
    comparable: {
      edges: [
        {
          node: { __typename: 'Project', slug: 'bereik', title: 'Bereik van regelingen', languages: ['NL'], contentLanguage: 'NL', publisher: { slug: 'udc-twee', name: 'UDC Twee' }, phase: 'DONE' },
          reasons: [
            { text: 'Gaat over dezelfde woorden', contribution: 0.3 },
            { text: 'Even groot: niet bekend', contribution: 0 },
          ],
        },
      ],
    },
  }
  const { container } = show()
  await userEvent.setup().type(screen.getByLabelText('Wat is de vraag?'), 'Wie gebruikt de regeling niet?')
  const link = await screen.findByRole('link', { name: /Bereik van regelingen/ }, { timeout: 3_000 })
  expect(link.getAttribute('href')).toBe('/projecten/udc-twee/bereik')
  expect(screen.queryByText('Even groot: niet bekend')).toBeNull()
  expect(sent.at(-1)).toEqual({ name: 'Alike', variables: { text: 'Wie gebruikt de regeling niet?', municipality: 'GM0001' } })
  await expectAccessible(container)
})

test('without a question nothing is made, and the focus goes to what is wrong', async () => {
  const { container } = show()
  await userEvent.setup().click(screen.getByRole('button', { name: 'Beginnen' }))
  await waitFor(() => expect(document.activeElement!.textContent).toContain('Schrijf op wat u wilt weten.'))
  expect(sent).toEqual([])
  await expectAccessible(container)
})

test('a retry of the same words makes the same project; other words make another', async () => {
  show()
  const user = userEvent.setup()
  const question = screen.getByLabelText('Wat is de vraag?')
  fireEvent.input(question, { target: { value: 'Vraag' } })
  const press = () => user.click(screen.getByRole('button', { name: 'Beginnen' }))
  await press()
  await screen.findByText(/niet te bereiken/)
  await press()
  fireEvent.input(question, { target: { value: 'Andere vraag' } })
  await press()
  await waitFor(() => expect(sent).toHaveLength(3))
  const keys = sent.map((s) => s.variables.input!.idempotencyKey)
  expect(keys[0]).toBe(keys[1])
  expect(keys[2]).not.toBe(keys[1])
  expect(sent[2].variables.input).toMatchObject({ organization: 'UDC Een', title: 'Andere vraag', question: 'Andere vraag', policyDomains: [] })
})

test('a long question gives a short title, cut where a word ends', async () => {
  show()
  fireEvent.input(screen.getByLabelText('Wat is de vraag?'), { target: { value: 'woord '.repeat(60).trim() } })
  await userEvent.setup().click(screen.getByRole('button', { name: 'Beginnen' }))
  await waitFor(() => expect(sent).not.toEqual([]))
  expect(sent.find((s) => s.name === 'ProjectBegin')!.variables.input!.title).toMatch(/^(woord ){15}woord…$/)
})
