// More visitors at once than the server can make pages for: everybody gets a whole page, or one that the browser makes.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { launch, watch } from './browser.mjs'
import { serve } from './node.mjs'

const node = await serve('demo')
const browser = await launch()
after(async () => {
  await browser.close()
  await node.stop()
})

const words = ['kamers', 'schulden', 'fietsen', 'groen', 'zorg', 'school', 'werk', 'energie', 'winkels', 'ouderen']

/** What 200 visitors get who each ask something else at the same moment. */
async function crowd(round) {
  const addresses = Array.from({ length: 200 }, (_, i) => `/zoeken?q=${words[i % words.length]}+${round}${i}`)
  return Promise.all(
    addresses.map(async (address) => {
      const response = await fetch(node.base + address)
      return { address, status: response.status, html: await response.text() }
    }),
  )
}

const isShell = ({ html }) => html.includes('plein-shell')

test('200 visitors at once each get a whole page, the shell or a readable refusal, and a shell becomes the page', { timeout: 300_000 }, async () => {
  const shells = []
  for (let round = 1; round <= 5 && shells.length === 0; round++) {
    for (const one of await crowd(round)) {
      assert.ok([200, 503].includes(one.status), `${one.address}: ${one.status}`)
      assert.match(one.html, /^<!doctype html>[\s\S]*<\/html>\s*$/i, one.address)
      assert.match(one.html, isShell(one) ? /id="data"/ : /<h1/, one.address)
      if (isShell(one)) shells.push(one)
    }
  }
  assert.ok(shells.length > 0, 'nobody got a shell, so nothing is shown here: ask with more')

  const [{ address, html }] = shells
  const page = await browser.newPage()
  const problems = await watch(page, node.base)
  await page.route(node.base + address, (route) => route.fulfill({ body: html, contentType: 'text/html; charset=utf-8' }))
  await page.goto(node.base + address, { waitUntil: 'networkidle' })
  assert.equal(await page.locator('h1').innerText(), 'Zoeken')
  assert.ok((await page.locator('main article').count()) > 0, 'the browser shows no results')
  assert.match(await page.title(), /Plein/)
  assert.equal(await page.locator('.plein-shell').count(), 0)
  assert.deepEqual(problems, [])
})
