// Two people in the same working copy: nothing that anybody wrote is lost.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { eventually, launch } from './browser.mjs'
import { serve } from './node.mjs'
import { draft, organize, person, saved } from './people.mjs'

const node = await serve('starter')
const browser = await launch()
after(async () => {
  await browser.close()
  await node.stop()
})
const udc = organize(node, 'UDC Proef')
const anna = await person(browser, node, 'Anna', 'udc-proef', 'author')
const bram = await person(browser, node, 'Bram', 'udc-proef', 'author')

const first = 'Veel huishoudens vragen geen bijstand aan.'
const bramsText = 'Veel huishoudens vragen geen bijstand aan. We willen weten welke.'
const annasText = 'Veel gezinnen vragen geen bijstand aan.'
const together = 'Veel gezinnen vragen geen bijstand aan. We willen weten welke.'

/** What the server has. */
const kept = (id) => anna.ask('query ($id: ID!) { draft(id: $id) { revision summary ... on Project { question occasion aliases } } }', { id }).then(({ draft }) => draft)

/** Both have the same page open; then Bram saves his summary, and Anna hers. */
async function clash(title) {
  const { id } = await draft(anna, udc, title, { summary: first })
  const stale = []
  anna.page.on('response', async (response) => {
    if (response.url().endsWith('/graphql') && (await response.text().catch(() => '')).includes('STALE_REVISION')) stale.push(response.status())
  })
  for (const someone of [anna, bram]) await someone.open(`/publiceren/${id}?deel=vraag`)
  await bram.page.locator('#veld-summary').fill(bramsText)
  await bram.page.locator('#veld-summary').blur()
  await saved(bram.page)
  await anna.page.locator('#veld-summary').fill(annasText)
  await anna.page.locator('#veld-summary').blur()
  await anna.page.locator('.plein-conflict').waitFor()
  assert.deepEqual(stale, [200], 'the second save was not refused as stale')
  return id
}

/** What stands side by side. */
const sides = (page) => page.locator('.plein-conflict__both .plein-diff__line').evaluateAll((all) => all.map((side) => [...side.childNodes].map((n) => (n.matches?.('.plein-hidden') ? '' : [...n.childNodes].filter((c) => !c.matches?.('.plein-hidden')).map((c) => c.textContent).join('') || (n.nodeType === 3 ? n.textContent : ''))).join('')))

test('the second save is refused as stale, both texts are offered, and one is made of them', { timeout: 180_000 }, async () => {
  const id = await clash('Bijstand')
  const { page } = anna
  await eventually(async () => assert.match(await page.locator('.plein-conflict').innerText(), /Iemand anders wijzigde “Samenvatting” ook/))
  const [mine, theirs] = await sides(page)
  assert.equal(mine, annasText)
  assert.equal(theirs, bramsText)
  assert.equal((await kept(id)).summary, bramsText, 'the first save is lost')

  page.once('dialog', (dialog) => dialog.accept()) // it warns who leaves with something that is not saved
  await page.reload()
  await page.locator('.plein-conflict').waitFor()
  assert.equal((await sides(page))[0], annasText, 'the second text is lost with the page')

  await page.getByRole('button', { name: 'Maak er één tekst van' }).click()
  const mix = page.getByLabel('De tekst die er moet komen te staan')
  await eventually(async () => assert.equal(await mix.inputValue(), annasText))
  await mix.fill(together)
  await page.getByRole('button', { name: 'Bewaar deze tekst' }).click()
  await saved(page)
  await eventually(async () => assert.equal((await kept(id)).summary, together))
  await eventually(async () => assert.equal(await page.evaluate(() => document.activeElement.id), 'veld-summary', 'the focus is lost'))
  assert.deepEqual([...anna.problems, ...bram.problems], [])
})

for (const [button, summary] of [['Houd die van mij', annasText], ['Neem die van de ander', bramsText]]) {
  test(`“${button}” is a choice too`, { timeout: 180_000 }, async () => {
    const id = await clash(`Bijstand ${button}`)
    await anna.page.getByRole('button', { name: button }).click()
    await anna.page.locator('.plein-conflict').waitFor({ state: 'detached' })
    if (summary === annasText) await saved(anna.page) // the other text is there already
    await eventually(async () => assert.equal(await anna.page.locator('#veld-summary').inputValue(), summary))
    await eventually(async () => assert.equal((await kept(id)).summary, summary))
  })
}

test('what two people write in different fields goes together without a question', { timeout: 180_000 }, async () => {
  const { id } = await draft(anna, udc, 'Ieder een veld', { summary: first })
  for (const someone of [anna, bram]) await someone.open(`/publiceren/${id}?deel=vraag`)
  await bram.page.locator('#veld-aliases').fill('Bijzondere bijstand')
  await bram.page.locator('#veld-aliases').blur()
  await saved(bram.page)
  await anna.page.locator('#veld-question').fill('Welke gezinnen vragen niets aan?')
  await anna.page.locator('#veld-question').blur()
  await saved(anna.page)
  await eventually(async () => {
    const { question, aliases } = await kept(id)
    assert.deepEqual({ question, aliases }, { question: 'Welke gezinnen vragen niets aan?', aliases: ['Bijzondere bijstand'] })
  })
  await eventually(async () => assert.equal(await anna.page.locator('#veld-aliases').inputValue(), 'Bijzondere bijstand'))
  await eventually(async () => assert.equal(await anna.page.locator('.plein-conflict').count(), 0))
})

test('who writes without a connection loses nothing', { timeout: 180_000 }, async () => {
  const { id } = await draft(anna, udc, 'In de trein', { summary: first })
  await anna.open(`/publiceren/${id}?deel=vraag`)
  const { page, context, problems } = anna
  await context.setOffline(true)
  await page.locator('#veld-summary').fill('In een tunnel geschreven.')
  await page.locator('#veld-summary').blur()
  await page.getByText('Niet bewaard. We proberen het opnieuw.').first().waitFor()
  await context.setOffline(false)
  await page.evaluate(() => dispatchEvent(new Event('online')))
  await saved(page)
  await eventually(async () => assert.equal((await kept(id)).summary, 'In een tunnel geschreven.'))
  assert.deepEqual(problems.filter((problem) => !/ERR_INTERNET_DISCONNECTED/.test(problem)), [])
})
