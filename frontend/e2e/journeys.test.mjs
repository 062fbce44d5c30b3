// What people do, in a real browser: from everyday words to a project, by keyboard, without JavaScript, in English, on a
// small screen, enlarged, in the colours of the system, and on paper.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { eventually, launch, openWhole, watch } from './browser.mjs'
import { ask, serve } from './node.mjs'

const node = await serve('starter')
const demo = await serve('demo') // has more than one page of results
const browser = await launch()
after(async () => {
  await browser.close()
  await node.stop()
  await demo.stop()
})
const { base } = node

async function withPage(options, walk) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', ...options })
  try {
    const page = await context.newPage()
    const problems = options.javaScriptEnabled === false ? [] : await watch(page, base)
    await walk(page, context)
    assert.deepEqual(problems, [])
  } finally {
    await context.close()
  }
}

const journey = (name, options, walk) => test(name, { timeout: 180_000 }, () => withPage(options, walk))

journey('everyday words find a project', {}, async (page) => {
  await page.goto(base)
  await page.locator('#zoek').fill('klachten over kamerverhuur')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/zoeken\?q=klachten/)
  const first = page.locator('main article').first()
  await eventually(async () => assert.match(await first.innerText(), /Verkamering/))
  await first.getByRole('link').first().click()
  await page.waitForURL(/\/projecten\/udc-leiden\/verkamering/)
  assert.match(await page.title(), /^Verkamering/)
})

journey('a filter is in the address, which can be shared, and the way back leads back', {}, async (page, context) => {
  await page.goto(`${base}/zoeken`)
  await page.waitForLoadState('networkidle')
  const all = await page.locator('main article').count()
  await page.getByRole('checkbox', { name: /^Les/ }).first().check()
  await page.waitForURL(/soort=LESSON/)
  await page.waitForFunction((n) => document.querySelectorAll('main article').length !== n, all)
  const address = page.url()
  const titles = await page.locator('main article h3, main article h2').allInnerTexts()
  await eventually(async () => assert.ok(await page.getByRole('checkbox', { name: /^Les/ }).first().evaluate((box) => box === document.activeElement), 'the focus went elsewhere'))

  const colleague = await context.newPage()
  await colleague.goto(address)
  await eventually(async () => assert.deepEqual(await colleague.locator('main article h3, main article h2').allInnerTexts(), titles))
  await colleague.close()

  await page.goBack()
  await page.waitForFunction((n) => document.querySelectorAll('main article').length === n, all)
  assert.equal(page.url(), `${base}/zoeken`)
  await eventually(async () => assert.equal(await page.getByRole('checkbox', { name: /^Les/ }).first().isChecked(), false))
})

journey('a project is found and read with the keyboard only', {}, async (page) => {
  await page.goto(base)
  await page.waitForLoadState('networkidle')
  await page.keyboard.press('Tab')
  assert.match(await focused(page), /Direct naar de inhoud/)
  await page.keyboard.press('Enter')
  await eventually(async () => assert.equal(await page.evaluate(() => document.activeElement.id), 'inhoud'))
  await page.keyboard.press('/')
  await eventually(async () => assert.equal(await page.evaluate(() => document.activeElement.id), 'zoek'))
  await page.keyboard.type('minimaregelingen')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/zoeken\?q=minimaregelingen/)
  await page.waitForLoadState('networkidle')
  await tabTo(page, /Bereik van minimaregelingen/)
  await eventually(async () => assert.ok(await page.evaluate(() => { const s = getComputedStyle(document.activeElement); return parseFloat(s.outlineWidth) >= 2 && s.outlineStyle !== 'none' }), 'the focus cannot be seen'))
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/projecten\/udc-leiden\/bereik-van-minimaregelingen/)
  await eventually(async () => assert.match(await page.locator('main').innerText(), /Hoeveel inwoners met recht op een minimaregeling/))
  // Nothing holds the focus: it comes by every link and out at the end.
  const stops = await page.locator('main a[href], main button, main summary, main input, main select').count()
  await page.locator('#inhoud').focus()
  for (let i = 0; i < stops + 3; i++) await page.keyboard.press('Tab')
  await eventually(async () => assert.equal(await page.evaluate(() => document.querySelector('main').contains(document.activeElement)), false))
})

journey('the same page in English', {}, async (page) => {
  await page.goto(`${base}/zoeken?q=child+poverty`)
  await page.getByRole('link', { name: 'English' }).click()
  await page.waitForURL(`${base}/en/zoeken?q=child+poverty`)
  await eventually(async () => assert.equal(await page.locator('html').getAttribute('lang'), 'en'))
  await eventually(async () => assert.equal(await page.locator('#zoek').inputValue(), 'child poverty'))
  const link = page.locator('main article a').first()
  await eventually(async () => assert.match(await link.getAttribute('href'), /^\/en\//))
  await link.click()
  await eventually(async () => assert.equal(await page.locator('html').getAttribute('lang'), 'en'))
})

journey('without JavaScript: search, filter, page, open, read, follow a feed', { javaScriptEnabled: false }, async (page) => {
  await openWhole(page, base)
  await page.locator('#zoek').fill('data')
  await page.locator('#zoek').press('Enter')
  await page.waitForURL(/\/zoeken\?q=data/)
  await openWhole(page, `${base}/zoeken`)
  await page.getByRole('checkbox', { name: /^Project/ }).first().check()
  await page.getByRole('button', { name: /Toon resultaten/ }).click()
  await page.waitForURL(/soort=PROJECT/)
  const feed = await page.getByRole('link', { name: /feed|Atom/i }).first().getAttribute('href')
  const atom = await (await fetch(base + feed)).text()
  assert.match(atom, /<feed[\s\S]*<entry>/)
  assert.equal((atom.match(/<entry>/g) ?? []).length, await page.locator('main article').count())
  await page.locator('main article a').first().click()
  await page.waitForURL(/\/projecten\//)
  await eventually(async () => assert.ok((await page.locator('main').innerText()).length > 300))

  await openWhole(page, `${demo.base}/zoeken`)
  const seen = new Set()
  for (let at = 1; at <= 3; at++) {
    const titles = await page.locator('main article h3').allInnerTexts()
    assert.ok(titles.length > 5 && titles.every((title) => !seen.has(title)), `page ${at} repeats something`)
    titles.forEach((title) => seen.add(title))
    await page.getByRole('link', { name: /Volgende/ }).click()
    await page.waitForURL(/na=/)
  }
})

const places = ['/', '/zoeken?q=studenten', '/projecten/udc-leiden/verkamering', '/sjablonen', '/gemeenten']

journey('a screen of 360 pixels needs no scrolling sideways and has targets that can be hit', { viewport: { width: 360, height: 740 }, hasTouch: true }, async (page) => {
  for (const place of places) {
    await page.goto(base + place, { waitUntil: 'networkidle' })
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360, place)
    // WCAG 2.5.8: 24 by 24 pixels, unless the target is in a sentence or has that room around it.
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('button, input:not([type=hidden]), summary, nav a, h2 a, h3 a')]
        .filter((e) => e.checkVisibility())
        .map((e) => ({ text: e.textContent.trim().slice(0, 40) || e.name, box: (e.closest('label') ?? e).getBoundingClientRect() }))
        .filter(({ box }) => box.width > 2 && (box.height < 24 || box.width < 24))
        .map(({ text, box }) => `${text} ${box.width}×${box.height}`),
    )
    assert.deepEqual(small, [], place)
  }
})

journey('at 400 % everything is in one column', { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 }, async (page) => {
  for (const place of places) {
    await page.goto(base + place, { waitUntil: 'networkidle' })
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320, place)
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll('main :is(h1, h2, h3, p, dd, li > a, button)')]
        .filter((e) => e.checkVisibility() && !e.closest('.plein-hidden'))
        .filter((e) => e.getBoundingClientRect().right > 321)
        .map((e) => e.textContent.slice(0, 40)),
    )
    assert.deepEqual(cut, [], place)
  }
})

journey('in the colours of the system buttons and fields keep their edges', { forcedColors: 'active' }, async (page) => {
  for (const place of places) {
    await page.goto(base + place, { waitUntil: 'networkidle' })
    const edgeless = await page.evaluate(() =>
      [...document.querySelectorAll('button, #zoek, select')]
        .filter((e) => e.checkVisibility())
        .filter((e) => { const s = getComputedStyle(e); return s.borderStyle === 'none' || parseFloat(s.borderWidth) < 1 })
        .map((e) => e.outerHTML.slice(0, 80)),
    )
    assert.deepEqual(edgeless, [], place)
  }
})

journey('a project prints on one page', {}, async (page) => {
  const { projects } = await ask(base, '{ projects(first: 20) { nodes { slug publisher { slug } } } }')
  for (const { slug, publisher } of projects.nodes) {
    await page.goto(`${base}/projecten/${publisher.slug}/${slug}`, { waitUntil: 'networkidle' })
    const pdf = (await page.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1')
    assert.equal((pdf.match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length, 1, slug)
  }
})

journey('less motion is asked for and given', { reducedMotion: 'reduce' }, async (page) => {
  await page.goto(base)
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior), 'auto')
  const moving = await page.evaluate(() => document.getAnimations().length)
  assert.equal(moving, 0)
})

function focused(page) {
  return page.evaluate(() => document.activeElement.textContent)
}

async function tabTo(page, text) {
  for (let i = 0; i < 150; i++) {
    await page.keyboard.press('Tab')
    if (text.test(await focused(page)) && (await page.evaluate(() => document.activeElement.tagName)) === 'A') return
  }
  assert.fail(`the keyboard does not reach ${text}`)
}
