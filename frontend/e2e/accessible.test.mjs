// Every kind of page, in both languages, wide and narrow, with and without JavaScript: it is the page that it should be,
// axe finds nothing, nothing scrolls sideways, and the browser has no complaints. Screenshots go to e2e/out.
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { axeProblems, launch, openWhole, watch } from './browser.mjs'
import { everyPage, inEnglish } from './catalogue.mjs'
import { serve } from './node.mjs'

const out = join(import.meta.dirname, 'out')
mkdirSync(out, { recursive: true })
const node = await serve('demo')
const browser = await launch()
after(async () => {
  await browser.close()
  await node.stop()
})

for (const { name, path, status } of await everyPage(node.base)) {
  for (const language of ['nl', 'en']) {
    test(`${name} in ${language}`, { timeout: 300_000 }, async () => {
      const address = language === 'nl' ? path : inEnglish(path)
      const looks = [1280, 360].flatMap((width) => [true, false].map((javaScriptEnabled) => ({ width, javaScriptEnabled })))
      await Promise.all(looks.map((one) => look(name, address, { language, status, ...one })))
    })
  }
}

async function look(name, path, { language, width, javaScriptEnabled, status }) {
  const what = `${path} at ${width} px ${javaScriptEnabled ? 'with' : 'without'} JavaScript`
  const context = await browser.newContext({ viewport: { width, height: 900 }, javaScriptEnabled, reducedMotion: 'reduce' })
  try {
    const page = await context.newPage()
    const problems = javaScriptEnabled ? await watch(page, node.base, status) : []
    const answer = await openWhole(page, node.base + path, { waitUntil: javaScriptEnabled ? 'networkidle' : 'load' })
    assert.equal(answer.status(), status, what)
    assert.equal(await page.locator('html').getAttribute('lang'), language, what)
    assert.equal(await page.locator('h1').count(), 1, `${what}: one h1`)
    assert.notEqual((await page.locator('h1').innerText()).trim(), '', what)
    // The style sheet is there: axe is content with a page without one.
    assert.equal(await page.locator('h1').evaluate((h) => getComputedStyle(h).fontWeight), '700', what)
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, `${what} scrolls sideways`)
    assert.deepEqual(problems, [], what)
    if (javaScriptEnabled) {
      assert.deepEqual(await axeProblems(page), [], what)
      await page.screenshot({ path: join(out, `${name}-${language}-${width}.png`), fullPage: true })
    }
  } finally {
    await context.close()
  }
  if (!javaScriptEnabled) assert.deepEqual(await axeOnUnscripted(path, width), [], what)
}

// axe is a script itself, and needs timers: here the browser runs scripts, but the page gets none of its own.
async function axeOnUnscripted(path, width) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, reducedMotion: 'reduce' })
  try {
    const page = await context.newPage()
    await page.route('**/*.js', (route) => route.abort())
    await openWhole(page, node.base + path, { waitUntil: 'load' })
    return await axeProblems(page)
  } finally {
    await context.close()
  }
}
