// Bytes and layout shifts of every kind of page on the real catalogue: gates, because they are the same each time.
// Times are reported by bench/lighthouse.sh and gate nothing.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { launch, weigh } from './browser.mjs'
import { everyPage, inEnglish } from './catalogue.mjs'
import { serve, testData } from './node.mjs'

const kB = 1024
const limits = { Document: 12 * kB, Script: 30 * kB, Stylesheet: 14 * kB, total: 100 * kB, shift: 0.05 }

if (!testData) {
  test('budget', { skip: 'PLEIN_TESTDATA is not set: the budget is about the real catalogue' })
} else {
  const node = await serve('real')
  const browser = await launch()
  const table = []
  after(async () => {
    await browser.close()
    await node.stop()
    console.log(`# page                    html   js    css   total (bytes, compressed)  layout shift`)
    for (const { name, weight, shift } of table) {
      const cell = (n = 0) => String(n).padStart(7)
      console.log(`# ${name.padEnd(22)}${cell(weight.Document)}${cell(weight.Script)}${cell(weight.Stylesheet)}${cell(weight.total)}  ${shift.toFixed(3)}`)
    }
  })
  for (const { name, path, status } of await everyPage(node.base)) {
    for (const [language, address] of [['nl', path], ['en', inEnglish(path)]]) {
      test(`${name} in ${language} is light and stays where it is`, { timeout: 180_000 }, async () => {
        const { weight, shift, problems } = await weigh(browser, node.base, address, { status })
        assert.deepEqual(problems, [])
        if (language === 'nl') table.push({ name, weight, shift })
        for (const [kind, limit] of Object.entries(limits)) {
          const is = kind === 'shift' ? shift : (weight[kind] ?? 0)
          assert.ok(is <= limit, `${address}: ${kind} ${is} is over ${limit}`)
        }
      })
    }
  }
}
