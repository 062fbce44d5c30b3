// What is brought in from outside: a file at an output, and a spreadsheet of projects.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { launch } from './browser.mjs'
import { serve } from './node.mjs'
import { draft, organize, person } from './people.mjs'

const node = await serve('starter')
const browser = await launch()
after(async () => {
  await browser.close()
  await node.stop()
})
const udc = organize(node, 'UDC Proef')
const carla = await person(browser, node, 'Carla', 'udc-proef', 'coordinator')
const { page } = carla

/** A document of one empty page. */
const pdf = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n' +
    '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
)
const asStranger = (path) => fetch(new URL(path, node.base))

test('a file of an output can be had once it is public, and not before', { timeout: 180_000 }, async () => {
  const { id, slug } = await draft(carla, udc, 'Bomen tellen')
  await carla.open(`/publiceren/${id}?deel=producten`)
  const row = page.locator('.plein-row--new')
  await row.locator('#product-bestand').setInputFiles({ name: 'geen.pdf', mimeType: 'application/pdf', buffer: Buffer.from('<html><script>alert(1)</script>') })
  await row.locator('.plein-field__error').waitFor()
  await row.locator('#product-bestand').setInputFiles({ name: 'Bomen (2026).pdf', mimeType: 'application/pdf', buffer: pdf })
  await page.getByText('Verstuurd: Bomen').waitFor()
  await page.locator('#product-soort').selectOption({ label: 'factsheet' })
  await page.locator('#product-titel').fill('Bomen in vier grafieken')
  await row.getByRole('button', { name: 'Toevoegen' }).click()
  await page.getByRole('button', { name: 'Verwijderen Bomen in vier grafieken' }).waitFor()
  const address = await page.locator('section[aria-labelledby=bestanden] a').getAttribute('href')

  assert.equal((await asStranger(address)).status, 404, 'a stranger has the file of a working copy')
  const own = await carla.context.request.get(new URL(address, node.base).href)
  assert.ok(pdf.equals(await own.body()), 'the author gets other bytes')

  await carla.open(`/publiceren/${id}`)
  await page.getByRole('button', { name: 'Publiceren zonder tweede lezer' }).click()
  await page.getByRole('button', { name: 'Publiceer nu' }).click()
  await page.getByText('Gepubliceerd.', { exact: true }).waitFor()
  const answer = await asStranger(address)
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('content-type'), 'application/pdf')
  assert.match(answer.headers.get('content-disposition'), /^attachment; filename=/)
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
  assert.ok(pdf.equals(Buffer.from(await answer.arrayBuffer())))
  const read = await (await asStranger(`/projecten/udc-proef/${slug}`)).text()
  assert.ok(read.includes(`href="${address}"`) || read.includes(`href="${new URL(address, node.base).pathname}"`), 'the page does not lead to the file')

  await carla.open(`/publiceren/${id}?deel=producten`)
  await page.locator('section[aria-labelledby=bestanden]').getByRole('button', { name: /^Verwijderen Bomen/ }).click()
  await page.locator('section[aria-labelledby=bestanden] [role=alert]:not(:empty)').waitFor()
  assert.equal((await asStranger(address)).status, 200, 'a file that something public refers to is gone')
})

test('a file that nothing refers to is removed and put back', { timeout: 180_000 }, async () => {
  const { id } = await draft(carla, udc, 'Struiken tellen')
  await carla.open(`/publiceren/${id}?deel=producten`)
  await page.locator('#product-bestand').setInputFiles({ name: 'struiken.csv', mimeType: 'text/csv', buffer: Buffer.from('wijk;aantal\nNoord;12\n') })
  const list = page.locator('section[aria-labelledby=bestanden]')
  await list.getByRole('link', { name: 'struiken.csv' }).waitFor()
  await list.getByRole('button', { name: 'Verwijderen struiken.csv' }).click()
  await list.getByText('struiken.csv (verwijderd)').waitFor()
  await list.getByRole('button', { name: 'Zet terug struiken.csv' }).click()
  await list.getByRole('link', { name: 'struiken.csv' }).waitFor()
})

test('a spreadsheet becomes working copies, and all of them are undone', { timeout: 180_000 }, async () => {
  const sheet = join(import.meta.dirname, '../../internal/exchange/testdata/projecten.xlsx')
  const titles = async () => (await carla.ask('{ drafts(first: 100, states: [DRAFT]) { nodes { title } } }')).drafts.nodes.map(({ title }) => title)
  const before = await titles()
  await carla.open('/beheer/udc-proef/importeren')
  await page.getByLabel('Bestand', { exact: true }).setInputFiles(sheet)
  await page.getByRole('button', { name: 'Bekijk wat erin staat' }).click()
  await page.getByRole('heading', { name: 'Wat er van elke rij komt' }).waitFor()
  assert.deepEqual(await titles(), before, 'looking makes something')
  await page.getByText('2 rijen zijn in orde, 1 heeft een probleem en 0 zijn dubbel.').first().waitFor()
  await page.getByRole('button', { name: 'Maak werkversies' }).click()
  await page.getByText(/werkversies? (staat|staan) klaar/).waitFor()
  const links = page.getByRole('list', { name: 'Werkversies' }).getByRole('link')
  await links.first().waitFor()
  const made = await links.allInnerTexts()
  assert.ok(made.length > 1)
  const after = await titles()
  for (const title of made) assert.ok(after.includes(title), title)
  assert.equal(after.length, before.length + made.length)

  await page.getByText('Import ongedaan maken').click()
  await page.getByRole('button', { name: 'Nu ongedaan maken' }).click()
  await page.getByText('De import is ongedaan gemaakt').waitFor()
  assert.deepEqual(await titles(), before)
  await carla.open('/beheer/udc-proef/importeren')
  await page.locator('section[aria-labelledby=eerder]').getByText('Ongedaan gemaakt').waitFor()
})

test('no page complained of anything', () => {
  assert.deepEqual(carla.problems.filter((problem) => !/415/.test(problem)), []) // the file that was refused
})
