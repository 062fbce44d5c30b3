// The life of a project: begun in the wizard, reviewed by somebody else, read by everybody, revised, and taken back.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { eventually, launch } from './browser.mjs'
import { serve } from './node.mjs'
import { draft, organize, person, saved, visitor } from './people.mjs'

const node = await serve('starter')
const browser = await launch()
after(async () => {
  await browser.close()
  await node.stop()
})
const udc = organize(node, 'UDC Proef')
const anna = await person(browser, node, 'Anna', 'udc-proef', 'author')
const carla = await person(browser, node, 'Carla', 'udc-proef', 'coordinator')
await person(browser, node, 'Cees', 'udc-proef', 'coordinator')
const stranger = await visitor(browser, node)
const journey = (name, walk) => test(name, { timeout: 180_000 }, walk)

/** What one journey leaves to the next. */
let at
let publicPage
const id = () => at.split('/').at(-1)

/** What a page says, once it is there. */
async function text({ page }) {
  await page.locator('main h1').first().waitFor()
  return page.locator('main').innerText()
}

const row = (page) => page.locator('.plein-row--new')

/** Fills in every section: what is typed and chosen in each, in the order of the wizard. */
const sections = {
  async vraag(page) {
    await page.locator('#veld-title').fill('Fietsen naar het werk')
    await page.locator('#veld-summary').fill('We telden wie met de fiets naar het werk gaat.')
    await page.locator('#veld-occasion').fill('De **wethouder** vroeg dit.')
    await page.locator('#veld-aliases').fill('Fietsforensen')
    await page.locator('#veld-sourceLinks').fill('https://proef.example/fietsen')
  },
  async thema(page) {
    await page.locator('#veld-policyDomains-filter').fill('transport')
    await page.locator('#veld-policyDomains').getByLabel('transport', { exact: true }).check()
    await page.locator('#veld-municipalities').getByRole('combobox').fill('Rijsw')
    await page.getByRole('option', { name: /Rijswijk/ }).click()
    await page.locator('#veld-targetGroups input[type=checkbox]').first().check()
    await page.locator('#veld-geoLevel input[type=radio]').first().check()
  },
  async aanpak(page) {
    await page.locator('#veld-methods input[type=checkbox]').first().check()
    await page.getByLabel(/Eenvoudig: koppelen/).check()
    await page.getByLabel('Een goed project om mee te beginnen').check()
    await page.locator('#veld-templateVersion').selectOption({ index: 1 })
    await page.locator('#veld-effortDays').fill('12,5')
    await page.locator('#veld-costEuro').fill('3000')
  },
  async gebaseerd(page) {
    await row(page).getByRole('combobox', { name: 'Project' }).fill('verkamering')
    await page.getByRole('option', { name: /Verkamering/ }).first().click()
    await page.getByLabel('Wat nam u over?').selectOption({ label: 'Het idee' })
    await row(page).getByRole('button', { name: 'Toevoegen' }).click()
    await page.getByLabel('Wat deed u anders?').fill('Wij vroegen het op straat.')
  },
  async bronnen(page) {
    await row(page).getByRole('combobox', { name: 'Bron' }).fill('Fietstelling')
    await page.getByRole('button', { name: 'Voeg “Fietstelling” toe als nieuwe bron' }).click()
    await page.getByLabel('Wie heeft deze gegevens?').fill('Gemeente')
    await page.getByRole('button', { name: 'Bewaar deze bron' }).click()
    await page.getByRole('button', { name: 'Verwijder Fietstelling' }).waitFor()
    await page.locator('#nieuw-toegang').selectOption({ index: 1 })
    await row(page).getByRole('button', { name: 'Toevoegen' }).click()
    await page.getByRole('button', { name: 'Verwijderen Fietstelling' }).waitFor()
  },
  async team(page) {
    await page.locator('#nieuw-rol').selectOption({ index: 1 })
    await page.locator('#nieuw-functie').fill('Adviseur verkeer')
    await row(page).first().getByRole('button', { name: 'Toevoegen' }).click()
    await page.locator('#nieuw-contact-loket').fill('Team Onderzoek')
    await page.locator('#nieuw-contact-adres').fill('onderzoek@proef.example')
    await row(page).last().getByRole('button', { name: 'Toevoegen' }).click()
    await page.getByRole('button', { name: 'Verwijderen Team Onderzoek' }).waitFor()
  },
  async resultaat(page) {
    await page.getByLabel('Afgerond').check()
    await page.locator('#veld-answer').fill('Ongeveer **een op de drie**.')
    await page.locator('#veld-startedOn').fill('2026-01-12')
    await page.locator('#veld-finishedOn').fill('2026-06-30')
  },
  async producten(page) {
    await page.locator('#product-soort').selectOption({ label: 'factsheet' })
    await page.locator('#product-titel').fill('Fietsen in vier grafieken')
    await page.locator('#product-adres').fill('https://proef.example/fietsen.pdf')
    await row(page).getByRole('button', { name: 'Toevoegen' }).click()
    await page.getByRole('button', { name: 'Verwijderen Fietsen in vier grafieken' }).waitFor()
  },
  async gebruik(page) {
    await page.locator('#gebruik-soort').selectOption({ index: 1 })
    await page.locator('#gebruik-titel').fill('Meer stallingen bij het station')
    await row(page).getByRole('button', { name: 'Toevoegen' }).click()
    await page.getByRole('button', { name: 'Verwijderen Meer stallingen bij het station' }).waitFor()
  },
  async publiciteit(page) {
    await page.locator('#veld-pressRelease').getByLabel('Ja').check()
  },
  async taal(page) {
    await page.getByLabel('Titel (Engels)').fill('Cycling to work')
    await page.getByLabel('Samenvatting (Engels)').fill('We counted who cycles to work.')
  },
  async lezers(page) {
    await page.locator('#veld-license input[type=radio]').first().check()
  },
}

/** The focus goes to the heading of a section, a moment after its address is there. Who types before loses it. */
const atHeading = (page) => page.waitForFunction(() => document.activeElement.tagName === 'H1')

journey('a project is begun in its own words and filled in section by section', async () => {
  const { page } = anna
  await anna.open('/mijn')
  await page.getByRole('link', { name: 'Nieuw project' }).click()
  await page.getByRole('button', { name: 'Beginnen' }).click()
  await page.getByRole('alert').getByText('Schrijf op wat u wilt weten.').waitFor()
  await page.getByLabel('Wat is de vraag?').fill('Wie gaat er met de fiets naar het werk?')
  await page.getByRole('button', { name: 'Beginnen' }).click()
  await page.waitForURL(/\/publiceren\/prj_/)
  at = new URL(page.url()).pathname
  await page.getByRole('heading', { name: 'Onderdelen' }).waitFor()
  await page.locator('.plein-tasks a').first().click()
  for (const [name, fill] of Object.entries(sections)) {
    await page.waitForURL(new RegExp(`deel=${name}`))
    await atHeading(page)
    await fill(page)
    await page.evaluate(() => document.activeElement.blur())
    await saved(page)
    const next = page.locator('.plein-steps__next')
    if (await next.count()) await next.click()
  }
  await page.getByRole('link', { name: 'Naar het overzicht' }).click()
  await page.getByText('12 van de 12 onderdelen zijn klaar.').waitFor()
})

journey('what was typed outlives a reload, saved or not', async () => {
  const { page } = anna
  await anna.open(`${at}?deel=vraag`)
  await page.locator('#veld-aliases').fill('Fietsforensen\nOp de pedalen')
  await saved(page)
  await page.reload()
  await eventually(async () => assert.equal(await page.locator('#veld-aliases').inputValue(), 'Fietsforensen\nOp de pedalen'))
  await eventually(async () => assert.equal(await page.locator('#veld-occasion').inputValue(), 'De **wethouder** vroeg dit.'))

  await page.locator('#veld-aliases').fill('Op de trappers') // and away, before it is saved
  await page.reload()
  await page.waitForFunction(() => document.getElementById('veld-aliases')?.value === 'Op de trappers')
  await eventually(async () => {
    const { draft } = await anna.ask('query ($id: ID!) { draft(id: $id) { ... on Project { aliases } } }', { id: id() })
    assert.equal(draft.aliases[0], 'Op de trappers', 'what was typed last did not reach the server')
  })
})

journey('somebody else reviews it, and asks for changes with a reason', async () => {
  const { page } = anna
  await anna.open(at)
  await page.getByRole('button', { name: 'Indienen voor beoordeling' }).click()
  await page.getByText('Ingediend.').waitFor()
  assert.equal((await fetch(`${node.base}/id/${id()}`)).status, 404)
  await anna.open(`${at}/beoordelen`)
  await page.getByText('Een coördinator van de organisatie beoordeelt dit.').waitFor()

  await carla.open('/mijn')
  await carla.page.locator('section[aria-labelledby=wacht]').getByRole('link', { name: 'Fietsen naar het werk' }).click()
  await carla.page.waitForURL(`${node.base}${at}/beoordelen`)
  await eventually(async () => assert.match(await text(carla), /een op de drie[\s\S]*Fietsen in vier grafieken/))
  await carla.page.getByRole('button', { name: 'Vraag om wijzigingen' }).click()
  await carla.page.getByRole('alert').filter({ hasText: 'Dit lukt nog niet' }).waitFor()
  await carla.page.getByLabel('Wat moet er anders?').fill('Noem ook het jaar.')
  await carla.page.getByRole('button', { name: 'Vraag om wijzigingen' }).click()
  await carla.page.getByText('U hebt om wijzigingen gevraagd.').waitFor()
})

journey('the author changes it, and after approval everybody reads it', async () => {
  const { page } = anna
  await anna.open('/mijn')
  await page.locator('section[aria-labelledby=wacht]').getByRole('link', { name: 'Fietsen naar het werk' }).click()
  await page.getByText('Noem ook het jaar.').waitFor()
  await anna.open(`${at}?deel=vraag`)
  await page.locator('#veld-summary').fill('We telden in 2026 wie met de fiets naar het werk gaat.')
  await page.locator('#veld-summary').blur()
  await saved(page)
  await page.getByRole('link', { name: 'Naar het overzicht' }).click()
  await page.getByRole('button', { name: 'Indienen voor beoordeling' }).click()
  await page.getByText('Ingediend.').waitFor()

  await carla.open(`${at}/beoordelen`)
  await eventually(async () => assert.match(await text(carla), /kan iedereen dit meteen zien/))
  await carla.page.getByRole('button', { name: 'Goedkeuren en publiceren' }).click()
  await carla.page.getByText('Goedgekeurd en gepubliceerd.').waitFor()

  await anna.open(at)
  publicPage = await page.getByRole('link', { name: 'Bekijk de openbare pagina' }).getAttribute('href')
  await stranger.open(publicPage)
  const read = await text(stranger)
  for (const part of ['Fietsen naar het werk', 'in 2026', 'een op de drie', 'Fietstelling', 'Team Onderzoek', 'Fietsen in vier grafieken', 'Meer stallingen', 'Delft', 'Rijswijk']) assert.ok(read.includes(part), `a stranger does not read “${part}”`)
  assert.ok(!read.includes('Noem ook het jaar'), 'a stranger reads what the reviewer wrote')
  await stranger.open(`/en${publicPage}`)
  await eventually(async () => assert.match(await text(stranger), /Cycling to work[\s\S]*We counted who cycles to work/))
  assert.equal((await fetch(`${node.base}/id/${id()}`, { headers: { accept: 'application/ld+json' } })).status, 200)
})

const renewed = 'We telden in 2026 en 2027 wie met de fiets naar het werk gaat.'

journey('a revision stays inside until it is published, but for who has a link', async () => {
  const { page } = anna
  await anna.open(`${at}?deel=vraag`)
  await page.locator('#veld-summary').fill(renewed)
  await page.locator('#veld-summary').blur()
  await saved(page)
  await stranger.open(publicPage)
  await eventually(async () => assert.match(await text(stranger), /We telden in 2026 wie/))
  await anna.open(`${at}/voorbeeld`)
  await eventually(async () => assert.match(await page.locator('section[aria-labelledby=verschil]').innerText(), /Samenvatting[\s\S]*2027/))

  await anna.open(`${at}/delen`)
  await page.getByLabel('Voor wie is de link?').fill('Deskundige van buiten')
  await page.getByLabel('Hoe lang werkt de link?').selectOption({ label: '7 dagen' })
  await page.getByRole('button', { name: 'Maak een link' }).click()
  await page.getByText('De link is gemaakt').waitFor()
  const link = await page.locator('.plein-copyable').innerText()
  await stranger.page.goto(link)
  await stranger.page.getByRole('heading', { name: 'U leest mee met een concept' }).waitFor()
  await eventually(async () => assert.match(await text(stranger), /2026 en 2027/))
  assert.ok(!(await text(stranger)).includes('Deskundige van buiten'), 'the reader sees for whom the link is')
  const headers = (await fetch(link)).headers
  assert.match(headers.get('cache-control'), /no-store/)

  await page.getByRole('button', { name: 'Beëindig de link voor: Deskundige van buiten' }).click()
  await page.getByText('De link voor “Deskundige van buiten” werkt niet meer.').waitFor()
  assert.equal((await stranger.page.goto(link)).status(), 404)
  await stranger.page.getByRole('heading', { name: 'Deze link werkt niet (meer)' }).waitFor()
})

journey('it is published again, and its history tells all of it', async () => {
  await anna.open(at)
  await anna.page.getByRole('button', { name: 'Indienen voor beoordeling' }).click()
  await anna.page.getByText('Ingediend.').waitFor()
  await carla.open(`${at}/beoordelen`)
  await carla.page.getByRole('button', { name: 'Goedkeuren en publiceren' }).click()
  await carla.page.getByText('Goedgekeurd en gepubliceerd.').waitFor()
  await stranger.open(publicPage)
  await eventually(async () => assert.ok((await text(stranger)).includes(renewed)))

  const { page } = anna
  const lines = []
  await anna.open(`${at}/geschiedenis`)
  for (;;) {
    lines.push(...(await page.locator('.plein-timeline__what').allInnerTexts()))
    const older = page.getByRole('link', { name: 'Ouder' })
    if (!(await older.count())) break
    const before = page.url()
    await older.click()
    await page.waitForURL((url) => url.href !== before)
    await page.locator('.plein-timeline__what').first().waitFor()
  }
  const count = (kind) => lines.filter((line) => line === kind).length
  assert.equal(lines.at(-1), 'Begonnen')
  assert.equal(count('Gepubliceerd'), 2)
  assert.equal(count('Wijzigingen gevraagd'), 1)
  assert.equal(count('Ingediend voor beoordeling'), 3)
  assert.equal(count('Link om mee te lezen gemaakt'), 1)
  assert.equal(count('Link om mee te lezen beëindigd'), 1)
  await anna.open(`${at}/geschiedenis`)
  await page.locator('summary', { hasText: 'verschil' }).first().click()
  await eventually(async () => assert.match(await page.locator('.plein-timeline details').first().innerText(), /2027/))
  await eventually(async () => assert.match(await text(anna), /Noem ook het jaar|Ouder/))
})

journey('a reader reports a mistake, and the organisation says what was done about it', async () => {
  await stranger.open(publicPage)
  await stranger.page.locator('#fout-melden summary').click()
  await stranger.page.getByLabel('Wat klopt er niet?').fill('Het percentage klopt niet.')
  await stranger.page.getByRole('button', { name: 'Verstuur' }).click()
  await stranger.page.getByText('Dank u wel voor uw melding').waitFor()
  const { page } = carla
  await carla.open('/mijn')
  await page.getByText('Het percentage klopt niet.').waitFor()
  await page.getByText('Afhandelen').click()
  await page.getByLabel('Wat is er gedaan?').fill('We tellen opnieuw.')
  await page.getByRole('button', { name: 'Melding afsluiten' }).click()
  await page.getByText('De melding is afgesloten.').waitFor()
  await page.getByText('Het percentage klopt niet.').waitFor({ state: 'detached' })
})

journey('what is withdrawn answers 410 with its reason, wherever it was', async () => {
  const { page } = carla
  const reason = 'De telling bleek niet te kloppen.'
  await carla.open(`${at}/intrekken`)
  await page.getByLabel('Waarom trekt u dit in?').fill(reason)
  await page.getByLabel('Ik weet dat dit niet ongedaan kan worden gemaakt').check()
  await page.getByRole('button', { name: 'Intrekken' }).click()
  await page.getByText('Dit is ingetrokken.').first().waitFor()

  for (const path of [publicPage, `/en${publicPage}`]) {
    const answer = await fetch(node.base + path)
    assert.equal(answer.status, 410, path)
    const html = await answer.text()
    assert.ok(html.includes(reason) && !html.includes('een op de drie'), path)
  }
  await stranger.page.goto(node.base + publicPage)
  await eventually(async () => assert.match(await text(stranger), /Ingetrokken: Fietsen naar het werk[\s\S]*Reden: De telling bleek niet te kloppen\./))
  for (const accept of ['text/html', 'application/ld+json', 'text/turtle', 'application/json']) {
    const answer = await fetch(`${node.base}/id/${id()}`, { headers: { accept } })
    assert.equal(answer.status, 410, accept)
    assert.ok((await answer.text()).includes(reason), `${accept}: the reason is not there`)
  }
  const { node: gone, projects } = await stranger.ask('query ($id: ID!) { node(id: $id) { __typename ... on Project { title answer } } projects(first: 100) { nodes { id } } }', { id: id() })
  assert.ok(!JSON.stringify(gone ?? '').includes('een op de drie'))
  assert.ok(!projects.nodes.some((p) => p.id === id()))
})

journey('a working copy is thrown away and taken back, there and from the list', async () => {
  const made = await draft(anna, udc, 'Toch maar niet')
  const { page } = anna
  const discard = async () => {
    await anna.open(`/publiceren/${made.id}`)
    await page.getByRole('button', { name: 'Weggooien' }).click()
    await page.getByRole('button', { name: 'Gooi weg' }).click()
    await page.getByText('Weggegooid. U kunt het nog 30 dagen terughalen.').waitFor()
  }
  await discard()
  await page.getByRole('button', { name: 'Haal terug' }).click()
  await page.getByText('Teruggehaald.').waitFor()
  await discard()
  await anna.open('/mijn')
  await eventually(async () => assert.equal(await page.locator('section[aria-labelledby=werk]').getByText('Toch maar niet').count(), 0))
  await page.getByRole('button', { name: 'Terughalen: Toch maar niet' }).click()
  await page.getByText('Toch maar niet staat weer bij de werkversies.').waitFor()
  await page.getByRole('link', { name: 'Toch maar niet' }).waitFor()
})

/** Presses Tab until the focus is at what somebody looks for. */
async function tabTo(page, wanted, key = 'Tab') {
  for (let i = 0; i < 200; i++) {
    await page.keyboard.press(key)
    const is = await page.evaluate(() => {
      const e = document.activeElement
      return [e.id, e.getAttribute('aria-label') ?? '', e.labels?.[0]?.innerText ?? '', e.matches('a, button') ? e.innerText : ''].join('|')
    })
    if (wanted.test(is)) return
  }
  assert.fail(`the keyboard does not reach ${wanted}`)
}

journey('without a mouse: from the list to a project that is offered for review', async () => {
  const { page } = anna
  await anna.open('/mijn')
  await tabTo(page, /\|Nieuw project$/)
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/publiceren\/nieuw/)
  await page.getByLabel('Wat is de vraag?').waitFor()
  await tabTo(page, /^vraag\|/)
  await page.keyboard.type('Hoeveel bomen staan er?')
  await tabTo(page, /\|Beginnen$/)
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/publiceren\/prj_/)
  await page.getByRole('heading', { name: 'Onderdelen' }).waitFor()
  await tabTo(page, /\|Vraag en aanleiding$/)
  await page.keyboard.press('Enter')
  await page.locator('#veld-summary').waitFor()
  await atHeading(page)
  await tabTo(page, /^veld-summary\|/)
  await page.keyboard.type('Alle bomen geteld.')
  await tabTo(page, /\|Thema’s, doelgroep en gebied →$/)
  await page.keyboard.press('Enter')
  await page.locator('#veld-policyDomains-filter').waitFor()
  await tabTo(page, /^veld-policyDomains-filter\|/)
  await page.keyboard.type('natuur')
  await tabTo(page, /\|natuur en milieu\|/)
  await page.keyboard.press('Space')
  await saved(page)
  await tabTo(page, /\|Naar het overzicht$/)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Onderdelen' }).waitFor()
  await tabTo(page, /\|Indienen voor beoordeling$/)
  await page.keyboard.press('Enter')
  await page.getByText('Ingediend.').waitFor()
  await eventually(async () => assert.ok(await page.evaluate(() => document.activeElement.textContent.includes('Ingediend.')), 'the focus does not go to the message'))
})

test('no page complained of anything', () => {
  assert.deepEqual([...anna.problems, ...carla.problems], [])
})
