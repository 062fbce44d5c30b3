// Drives the page /api of a running Plein in Chromium and looks for what breaks there:
//   node e2e/api.mjs http://localhost:8080
// Screenshots go to e2e/out. CHROMIUM names the browser, /usr/bin/chromium unless set.
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import axe from 'axe-core'
import { chromium } from 'playwright-core'

const base = process.argv[2]
if (!base) throw new Error('usage: node e2e/api.mjs <base URL>')

const here = import.meta.dirname
const out = join(here, 'out')
const examplesFolder = join(here, '../src/pages/Api/examples')
const examples = readdirSync(examplesFolder)
  .sort()
  .map((name) => readFileSync(join(examplesFolder, name), 'utf8'))

mkdirSync(out, { recursive: true })
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
})
try {
  await readsWithoutJavaScript()
  for (const width of [1280, 360]) await worksAt(width)
} finally {
  await browser.close()
}

async function readsWithoutJavaScript() {
  const page = await browser.newPage({ javaScriptEnabled: false })
  await page.goto(`${base}/api`)
  assert.equal(await page.locator('h1').innerText(), 'API van Plein')
  assert.match(await page.locator('noscript').innerText(), /JavaScript/)
  await page.close()
}

async function worksAt(width) {
  const page = await browser.newPage({ viewport: { width, height: 900 } })
  const problems = await watch(page)
  const answer = await page.goto(`${base}/api`)
  const policy = answer.headers()['content-security-policy'] ?? ''
  assert.match(policy, /default-src 'self'/)
  assert.doesNotMatch(policy, /unsafe|data:/)

  await readsInDutch(page)
  await page.locator('.graphiql-query-editor .CodeMirror').waitFor()
  await skipsToTheContent(page)
  await showsTheSchema(page)
  await opensEveryDialog(page)
  for (const example of examples) await runs(page, example)
  await runsWhatIsTyped(page)
  await letsTheKeyboardOut(page)

  await runs(page, examples[0])
  await page.screenshot({ path: join(out, `api-${width}.png`), fullPage: true })
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, 'the page scrolls sideways')
  assert.deepEqual(await accessibilityProblems(page), [])
  assert.deepEqual(problems, [])
  await page.close()
  console.log(`/api at ${width} px: ${examples.length} examples ran, 0 problems`)
}

// Collects whatever the browser complains about: policy violations, errors, failed and foreign requests.
async function watch(page) {
  const problems = []
  await page.exposeFunction('reportViolation', (violation) => problems.push(violation))
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', (event) =>
      window.reportViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`),
    ),
  )
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(base).origin) problems.push(`foreign: ${request.url()}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`)
  })
  return problems
}

async function readsInDutch(page) {
  assert.equal(await page.locator('html').getAttribute('lang'), 'nl')
  assert.equal(await page.title(), 'API - Plein')
  assert.equal(await page.locator('h1').innerText(), 'API van Plein')
}

async function skipsToTheContent(page) {
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate(() => document.activeElement.id), 'inhoud')
}

async function showsTheSchema(page) {
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click()
  await page.locator('.graphiql-doc-explorer').getByText('Query', { exact: true }).first().waitFor()
  await page.getByRole('button', { name: 'Hide Documentation Explorer' }).click()
  await page.getByRole('button', { name: 'Re-fetch GraphQL schema' }).click()
}

async function runs(page, example) {
  const title = example.split('\n')[0].slice(2)
  await page.getByRole('button', { name: title }).click()
  assert.equal(await valueOf(page, 'query-editor'), example)
  assert.ok(await isInView(page.locator('.graphiql-query-editor')), `${title}: the editor is out of view`)

  const subscribes = /^subscription/m.test(example)
  const answered = page.waitForResponse((response) => new URL(response.url()).pathname === '/graphql')
  await page.getByRole('button', { name: 'Execute query' }).click()
  const answer = await answered
  const type = subscribes ? 'text/event-stream' : 'application/json'
  assert.ok(answer.headers()['content-type'].startsWith(type), `${title}: ${answer.headers()['content-type']}`)
  if (subscribes) {
    await page.getByRole('button', { name: 'Stop query' }).click()
    await page.getByRole('button', { name: 'Execute query' }).waitFor()
    return
  }
  assert.ok((await page.locator('.result-window').boundingBox()).width > 250, 'the answer has no room')
  await page.waitForFunction(() => document.querySelector('.result-window .CodeMirror').CodeMirror.getValue() !== '')
  const result = JSON.parse(await valueOf(page, 'result-window'))
  assert.ok(result.data && !result.errors, `${title}: ${JSON.stringify(result.errors)}`)
}

async function runsWhatIsTyped(page) {
  await page.locator('.graphiql-query-editor .CodeMirror').click()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('{ rateLimit { lim')
  await page.locator('.CodeMirror-hint', { hasText: 'limit' }).first().waitFor()
  await page.keyboard.press('Enter')
  await page.locator('.CodeMirror-hints').waitFor({ state: 'detached' })
  const sent = page.waitForRequest((request) => request.method() === 'POST')
  await page.keyboard.press('Control+Enter')
  assert.match((await sent).postDataJSON().query, /\{\s*rateLimit\s*\{\s*limit\s*\}\s*\}/)
}

async function letsTheKeyboardOut(page) {
  await page.locator('.graphiql-query-editor .CodeMirror').click()
  await page.keyboard.press('Tab')
  const inside = () => document.activeElement.closest('.graphiql-query-editor .CodeMirror') !== null
  assert.equal(await page.evaluate(inside), false, 'Tab stays in the editor')
}

async function opensEveryDialog(page) {
  for (const name of ['Open short keys dialog', 'Open settings dialog']) {
    await page.getByRole('button', { name }).click()
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
  await page.getByRole('button', { name: /Prettify query/ }).click()
  await page.getByRole('button', { name: 'Show editor tools' }).click()
  await page.getByRole('button', { name: 'Hide editor tools' }).click()
  await page.getByRole('button', { name: 'New tab' }).click()
  await page.getByRole('button', { name: 'Close Tab' }).last().click()
}

function isInView(locator) {
  return locator.evaluate((element) => {
    const { top } = element.getBoundingClientRect()
    return top >= 0 && top < innerHeight / 2
  })
}

function valueOf(page, editor) {
  return page.evaluate(
    (name) => document.querySelector(`.graphiql-${name} .CodeMirror, .${name} .CodeMirror`).CodeMirror.getValue(),
    editor,
  )
}

// GraphiQL itself is left out: what is wrong there is not ours to mend.
async function accessibilityProblems(page) {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(() => window.axe.run({ exclude: [['.graphiql-container']] }))
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
}
