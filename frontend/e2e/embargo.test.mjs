// What waits comes out by the clock, on every surface and not before; and what must become public can not be hidden.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { eventually, launch } from './browser.mjs'
import { serve } from './node.mjs'
import { draft, organize, person, term, visitor } from './people.mjs'

const node = await serve('starter')
const browser = await launch()
after(async () => {
  await browser.close()
  await node.stop()
})
const udc = organize(node, 'UDC Proef')
const coordinator = await person(browser, node, 'Carla', 'udc-proef', 'coordinator')
const stranger = await visitor(browser, node)

/** Publishes it as the only coordinator of the organisation may. */
const publish = ({ id, revision }) => coordinator.write('recordPublish', 'TransitionInput', { id, revision })

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds))

/** The end of a whole second, some seconds from now. */
const soon = (seconds) => Math.ceil(Date.now() / 1000) * 1000 + seconds * 1000

const inTheNetherlands = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam' })

/** The day in the Netherlands, so many days ago. It counts days and not hours: not every day has 24. */
function daysAgo(days) {
  const day = new Date(inTheNetherlands.format(Date.now()))
  day.setUTCDate(day.getUTCDate() - days)
  return day.toISOString().slice(0, 10)
}

const graphql = (query, variables) => ['/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }) }]
const fields = '... on Project { title answer }'

/** Where a stranger may come across a project, and what is to be seen there. */
const surfaces = {
  page: ({ slug }) => [`/projecten/udc-proef/${slug}`],
  'page in English': ({ slug }) => [`/en/projecten/udc-proef/${slug}`],
  node: ({ id }) => graphql(`query ($id: ID!) { node(id: $id) { ${fields} } }`, { id }),
  list: () => graphql('{ projects(first: 100) { nodes { title answer } } }'),
  address: ({ id }) => [`/id/${id}`, { headers: { accept: 'application/ld+json' } }],
  Turtle: ({ id }) => [`/id/${id}`, { headers: { accept: 'text/turtle' } }],
  Atom: () => ['/zoeken.atom?soort=PROJECT'],
  CSV: () => ['/zoeken.csv?soort=PROJECT'],
  NDJSON: () => ['/zoeken.ndjson?soort=PROJECT'],
  organisation: () => ['/udc/udc-proef'],
  search: ({ word }) => [`/zoeken?q=${word}`],
  'search through GraphQL': ({ word }) => graphql(`query ($word: String!) { search(query: $word) { edges { node { ${fields} } } } }`, { word }),
}

/** Whether something can be read on a surface, and when that was asked and answered. Who is too busy to answer says nothing. */
async function look(name, project, text) {
  const [path, init] = surfaces[name](project)
  const asked = Date.now()
  const response = await fetch(node.base + path, init)
  const body = await response.text()
  return { asked, answered: Date.now(), sees: body.includes(text), status: response.status, busy: response.status === 503 || body.includes('plein-shell') }
}

/** Looks at everything again and again: nothing is there before the end, and everything at the end. Only the index may need a moment. */
async function comesOutAt(until, watched) {
  const waiting = new Set(watched)
  let looks = 0
  for (const deadline = until + 30_000; waiting.size > 0; await pause(150)) {
    assert.ok(Date.now() < deadline, `still not there: ${[...waiting].map(({ name, text }) => `${name} (${text})`)}`)
    for (const one of waiting) {
      const { asked, answered, sees, busy } = await look(one.name, one.project, one.text)
      if (answered < until) {
        if (!busy) looks++
        assert.ok(!sees, `${one.name} shows “${one.text}” ${until - answered} ms early`)
      }
      if (sees) waiting.delete(one)
      else if (!busy && asked >= until && !one.name.startsWith('search')) assert.fail(`${one.name} does not show “${one.text}” ${asked - until} ms after the end`)
    }
  }
  assert.ok(looks >= 2 * watched.length, `only ${looks} looks before the end: they prove nothing`)
}

test('an embargo ends by itself, at its second and on every surface', { timeout: 180_000 }, async () => {
  const ground = await term(coordinator, 'EMBARGO_GROUND', 'bekendmaking')
  const result = { phase: 'DONE', answer: 'De kwikstaarten blijven.' }
  const begun = [await draft(coordinator, udc, 'Telling van zwaluwen', result), await draft(coordinator, udc, 'Een winter lang kijken', result)]
  const until = soon(10)
  const place = ({ id, revision }, scope) =>
    coordinator.write('embargoPlace', 'EmbargoPlaceInput', { project: id, revision, scope, ground, reason: 'Wacht op de bekendmaking door de gemeente.', until: new Date(until).toISOString() })
  const secret = { ...(await publish(await place(begun[0], 'WHOLE_RECORD'))), word: 'zwaluwen' }
  const open = { ...(await publish(await place(begun[1], 'RESULTS'))), word: 'kwikstaarten' }

  assert.equal((await look('page', secret, 'x')).status, 404)
  await stranger.page.goto(`${node.base}/projecten/udc-proef/${open.slug}`)
  await eventually(async () => assert.match(await stranger.page.locator('main').innerText(), /De resultaten staan onder embargo[\s\S]*Einddatum/))

  const inAnswer = ['page', 'page in English', 'node', 'list', 'address', 'Turtle', 'NDJSON']
  await comesOutAt(until, [
    ...Object.keys(surfaces).map((name) => ({ name, project: secret, text: 'Telling van zwaluwen' })),
    ...inAnswer.map((name) => ({ name, project: open, text: 'De kwikstaarten blijven' })),
    ...['search', 'search through GraphQL'].map((name) => ({ name, project: open, text: 'Een winter lang kijken' })),
  ])

  await stranger.page.reload()
  await eventually(async () => assert.match(await stranger.page.locator('main').innerText(), /De kwikstaarten blijven/))
  await coordinator.open(`/publiceren/${secret.id}/embargo`)
  await eventually(async () => assert.match(await coordinator.page.locator('main').innerText(), /Vanzelf geëindigd[\s\S]*Onder embargo gezet|Onder embargo gezet[\s\S]*Vanzelf geëindigd/))
  assert.deepEqual(coordinator.problems, [])
})

test('a factsheet that nobody likes can not be hidden, and is overdue on day 31', { timeout: 180_000 }, async () => {
  const kind = await term(coordinator, 'OUTPUT_KIND', 'factsheet')
  const { organizations } = await coordinator.ask('{ organizations(kinds: [STATISTICS_OFFICE], first: 1) { nodes { id } } }')
  const producedBy = organizations.nodes[0].id
  const delivered = async (title, days) => {
    const { id, revision } = await draft(coordinator, udc, title)
    return publish(await coordinator.write('outputAdd', 'OutputAddInput', { project: id, revision, kind, producedBy, title: `Factsheet ${title}`, deliveredOn: daysAgo(days) }))
  }
  const late = await delivered('Tegenvaller', 31)
  const inTime = await delivered('Nog op tijd', 30)

  await stranger.page.goto(`${node.base}/projecten/udc-proef/${late.slug}`)
  await eventually(async () => assert.match(await stranger.page.locator('main').innerText(), /Factsheet Tegenvaller[\s\S]*Had openbaar moeten zijn op/))
  await stranger.page.goto(`${node.base}/projecten/udc-proef/${inTime.slug}`)
  await eventually(async () => assert.match(await stranger.page.locator('main').innerText(), /Factsheet Nog op tijd[\s\S]*Nog niet openbaar/))

  const { page } = coordinator
  await coordinator.open('/beheer/udc-proef/termijnen')
  await eventually(async () => assert.match(await page.locator('section[aria-labelledby=te-laat]').innerText(), /Te laat: 1[\s\S]*Factsheet Tegenvaller/))
  await eventually(async () => assert.match(await page.locator('section[aria-labelledby=komt]').innerText(), /Factsheet Nog op tijd/))
  await coordinator.open('/mijn')
  await page.getByText('1 uitkomst van UDC Proef had al openbaar moeten zijn').waitFor()

  await coordinator.open(`/publiceren/${late.id}?deel=producten`)
  await page.getByRole('button', { name: 'Verwijderen Factsheet Tegenvaller' }).click()
  await page.getByRole('alert').filter({ hasText: 'Factsheet Tegenvaller' }).waitFor()
  await eventually(async () => assert.equal(await page.getByRole('button', { name: 'Verwijderen Factsheet Tegenvaller' }).count(), 1))
  await page.locator('input[id$=deliveredOn]').first().fill('')
  await page.locator('input[id$=deliveredOn]').first().blur()
  await page.locator('.plein-field--wrong').filter({ hasText: 'Opgeleverd op' }).waitFor()

  await coordinator.open(`/publiceren/${late.id}/intrekken`)
  await page.locator('main').getByText('Factsheet Tegenvaller').waitFor()
  assert.equal(await page.locator('#reden').count(), 0, 'it can be withdrawn')
  const { draft: now } = await coordinator.ask('query ($id: ID!) { draft(id: $id) { revision } }', { id: late.id })
  const { done } = await coordinator.ask('mutation ($input: TransitionInput!) { done: recordWithdraw(input: $input) { userErrors { code message } } }', { input: { id: late.id, revision: now.revision, note: 'Liever niet.' } })
  assert.equal(done.userErrors[0].code, 'ILLEGAL_TRANSITION')
  assert.match(done.userErrors[0].message, /Factsheet Tegenvaller/)
  assert.ok((await look('page', late, 'Factsheet Tegenvaller')).sees)
  assert.deepEqual(coordinator.problems, [])
})
