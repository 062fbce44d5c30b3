// A real Chromium, and what it complains about. CHROMIUM names another one than Debian's.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export function launch(...flags) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', ...flags],
  })
}

/** Collects policy violations, errors, failed and foreign requests of a page. A page about a fault may have its status. */
export async function watch(page, base, expectedStatus = 200) {
  const problems = []
  await page.exposeFunction('reportViolation', (violation) => problems.push(violation))
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', (event) =>
      window.reportViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`),
    ),
  )
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`))
  page.on('console', (message) => {
    const ofTheStatus = expectedStatus >= 400 && message.text().includes(`status of ${expectedStatus}`)
    if (['error', 'warning'].includes(message.type()) && !ofTheStatus) problems.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(base).origin) problems.push(`foreign: ${request.url()}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400 && response.status() !== expectedStatus) problems.push(`${response.status()}: ${response.url()}`)
  })
  return problems
}

/** Has half a minute for what is asserted to come true: a page follows what was done a moment later, and a busy machine takes its time. */
export async function eventually(check) {
  for (const deadline = Date.now() + 30_000; ; ) {
    try {
      return await check()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await new Promise((done) => setTimeout(done, 100))
    }
  }
}

/** A server that is too busy sends a page without its content, which says to come again. */
const isShell = async (answer) => (await answer.text()).includes('plein-shell')

/** Opens a page, and opens it again where the machine was too busy to make it. */
export async function openWhole(page, address, options) {
  for (let tries = 1; ; tries++) {
    const answer = await page.goto(address, options)
    if (tries === 10 || !(await isShell(answer))) return answer
    await page.waitForTimeout(500)
  }
}

/** What axe finds, shortly. axe runs through the debugger, so it works on pages without JavaScript of their own too. */
export async function axeProblems(page, exclude = []) {
  await page.evaluate(axe)
  const { violations } = await page.evaluate((exclude) => window.axe.run({ exclude }), exclude)
  return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html).join(' ')}`)
}

/** How many bytes of each sort a page takes in a browser that has nothing yet, and how much it moves while it loads. */
export async function weigh(browser, base, path, { status = 200, storageState, tries = 10 } = {}) {
  const context = await browser.newContext({ viewport: { width: 360, height: 800 }, storageState })
  try {
    const page = await context.newPage()
    const problems = await watch(page, base, status)
    const devtools = await context.newCDPSession(page)
    await devtools.send('Network.enable')
    const kinds = new Map()
    const weight = { total: 0 }
    devtools.on('Network.responseReceived', ({ requestId, type }) => type !== 'Document' && kinds.set(requestId, type))
    // Bodies as they came over the line; headers do not count.
    devtools.on('Network.dataReceived', ({ requestId, encodedDataLength }) => {
      const kind = kinds.get(requestId)
      if (!kind) return // the document says its length itself
      weight[kind] = (weight[kind] ?? 0) + encodedDataLength
      weight.total += encodedDataLength
    })
    await page.addInitScript(() => {
      window.shift = 0
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value
      }).observe({ type: 'layout-shift', buffered: true })
    })
    const answer = await page.goto(base + path, { waitUntil: 'networkidle' })
    if (tries > 1 && (await isShell(answer))) return await weigh(browser, base, path, { status, storageState, tries: tries - 1 })
    weight.Document = Number(answer.headers()['content-length'])
    weight.total += weight.Document
    await page.waitForTimeout(300)
    return { weight, shift: await page.evaluate(() => window.shift), problems }
  } finally {
    await context.close()
  }
}
