// The page API: its examples run as they stand, and the editor works under the content security policy.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { axeProblems, launch, watch } from './browser.mjs'
import { serve } from './node.mjs'

const examplesFolder = join(import.meta.dirname, '../src/pages/Api/examples')
const examples = readdirSync(examplesFolder)
  .sort()
  .map((name) => readFileSync(join(examplesFolder, name), 'utf8'))

const node = await serve('starter')
const { base } = node
const browser = await launch()
after(async () => {
  await browser.close()
  await node.stop()
})

for (const [language, program] of [['sh', 'sh'], ['python', 'python3'], ['r', 'Rscript']]) {
  test(`the example in ${program} runs as it stands`, { timeout: 180_000, skip: missing(program) }, async () => {
    const page = await browser.newPage()
    await page.goto(`${base}/api`)
    const code = await page.locator(`pre[data-language=${language}]`).innerText()
    await page.close()
    const { stdout } = await promisify(execFile)(program, [program === 'python3' ? '-c' : program === 'sh' ? '-c' : '-e', code])
    assert.match(stdout, /Verkamering|minimaregelingen/)
  })
}

function missing(program) {
  const found = (process.env.PATH ?? '').split(':').some((folder) => { try { return readdirSync(folder).includes(program) } catch { return false } })
  return found ? false : `${program} is not on this machine`
}

for (const width of [1280, 360]) {
  test(`the editor at ${width} px`, { timeout: 300_000 }, () => worksAt(width))
}

async function worksAt(width) {
  const page = await browser.newPage({ viewport: { width, height: 900 } })
  const problems = await watch(page, base)
  const answer = await page.goto(`${base}/api`)
  const policy = answer.headers()['content-security-policy'] ?? ''
  assert.match(policy, /default-src 'self'/)
  assert.doesNotMatch(policy, /unsafe|data:/)

  await page.getByRole('button', { name: 'Open de editor' }).click()
  await page.locator('.graphiql-query-editor .CodeMirror').waitFor()
  await showsTheSchema(page)
  await opensEveryDialog(page)
  for (const example of examples) await runs(page, example)
  await runsWhatIsTyped(page)
  await letsTheKeyboardOut(page)
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, 'the page scrolls sideways')
  // GraphiQL itself is left out: what is wrong there is not ours to mend.
  assert.deepEqual(await axeProblems(page, [['.graphiql-container'], ['[data-radix-popper-content-wrapper]']]), [])
  assert.deepEqual(problems, [])
  await page.close()
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

