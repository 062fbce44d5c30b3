// Two nodes on this machine: their administrators connect them, what is published on one is found on the other, and a
// project is repeated there. Screenshots go to e2e/out.
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { axeProblems, eventually, launch, openWhole } from './browser.mjs'
import { inEnglish } from './catalogue.mjs'
import { plein, serveInNetwork } from './node.mjs'
import { draft, organize, person, signIn, visitor } from './people.mjs'

const out = join(import.meta.dirname, 'out')
mkdirSync(out, { recursive: true })
const [north, south] = await Promise.all([serveInNetwork(), serveInNetwork()])
const browser = await launch()
after(async () => {
  await browser.close()
  await Promise.all([north.stop(), south.stop()])
})
const journey = (name, walk) => test(name, { timeout: 300_000 }, walk)

const udcNorth = organize(north, 'UDC Noord', 'Delft')
const udcSouth = organize(south, 'UDC Zuid', 'Rijswijk (ZH.)')
const nora = await person(browser, north, 'Nora', 'udc-noord', 'administrator')
const noud = await person(browser, north, 'Noud', 'udc-noord', 'author')
const zara = await person(browser, south, 'Zara', 'udc-zuid', 'administrator')
const zeno = await person(browser, south, 'Zeno', 'udc-zuid', 'author')
plein('user', 'role', 'nora@proef.test', '--node-admin', '--data', north.data)
plein('user', 'role', 'zara@proef.test', '--node-admin', '--data', south.data)

/** Publishes a working copy: its writer submits it, somebody else approves. */
async function publish(writer, reviewer, { id, revision }) {
  const submitted = await writer.write('recordSubmit', 'TransitionInput', { id, revision })
  return reviewer.write('recordReview', 'ReviewInput', { id, revision: submitted.revision, approve: true })
}
const whole = { phase: 'DONE', answer: 'Ongeveer **een op de drie**.' }
const zwaluwen = '/projecten/udc-noord/zwaluwen-onder-bruggen'

/** Looks at a page in both languages, wide and narrow, and in forced colours: it is there, and axe and the browser find nothing. */
async function look(node, storageState, name, path, says) {
  for (const width of [1280, 360]) {
    const { context, page, problems } = await visitor(browser, node, { viewport: { width, height: 900 }, storageState })
    for (const [language, address] of [['nl', path], ['en', inEnglish(path)]]) {
      const what = `${address} at ${width} px`
      await page.goto(node.base + address, { waitUntil: 'networkidle' })
      assert.equal(await page.locator('html').getAttribute('lang'), language, what)
      await eventually(async () => assert.match(await page.locator('main').innerText(), says[language], what))
      assert.equal(await page.locator('h1').count(), 1, `${what}: one h1`)
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, `${what} scrolls sideways`)
      assert.deepEqual(await axeProblems(page), [], what)
      await page.screenshot({ path: join(out, `${name}-${language}-${width}.png`), fullPage: true })
      if (language === 'nl') {
        await page.emulateMedia({ forcedColors: 'active' })
        assert.deepEqual(await axeProblems(page), [], `${what} in forced colours`)
        await page.emulateMedia({ forcedColors: 'none' })
      }
    }
    assert.deepEqual(problems, [], path)
    await context.close()
  }
}
const stateOf = ({ context }) => context.storageState()

/** Asks again and again until something can be seen. */
async function until(seen, what) {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; ) {
    const answer = await seen()
    if (answer) return answer
    await new Promise((done) => setTimeout(done, 250))
  }
  throw new Error(`not in time: ${what}`)
}

const text = async ({ page }) => page.locator('main').innerText()
const done = ({ page }, said) => page.locator('[role=status]', { hasText: said }).first().waitFor()

journey('an administrator reads the fingerprint of this node aloud', async () => {
  await nora.open('/beheer')
  await nora.page.getByRole('link', { name: 'Netwerk' }).click()
  await nora.page.getByRole('heading', { name: 'Nog geen verbindingen' }).waitFor()
  await look(north, await stateOf(nora), 'netwerk-leeg', '/beheer/netwerk', { nl: /Voeg hieronder de eerste catalogus toe/, en: /Add the first catalogue below/ })

  const project = await draft(noud, udcNorth, 'Zwaluwen onder bruggen', { ...whole, municipalities: ['GM0503'] })
  await publish(noud, nora, project)
  await until(async () => {
    await nora.open('/beheer/netwerk?deel=sleutels')
    return nora.page.locator('.plein-fingerprint code').count()
  }, 'the key')
  await look(north, await stateOf(nora), 'netwerk-sleutels', '/beheer/netwerk?deel=sleutels', { nl: /Vingerafdrukken om voor te lezen/, en: /Fingerprints to read aloud/ })
  await eventually(async () => assert.match(await nora.page.locator('.plein-fingerprint code').innerText(), /^(\w{4} )*\w{4}\s*$/))
})

journey('the other one compares it by voice, and everything is fetched', async () => {
  const aloud = (await nora.page.locator('.plein-fingerprint code').innerText()).trim()
  await zara.open('/beheer/netwerk')
  await zara.page.getByLabel('Adres van de andere catalogus').fill('dit is geen adres')
  await zara.page.getByRole('button', { name: 'Zoek op wie dit is' }).click()
  await zara.page.locator('#adres-fout').waitFor()
  assert.deepEqual(await axeProblems(zara.page), [])
  await zara.page.getByLabel('Adres van de andere catalogus').fill(north.base)
  await zara.page.keyboard.press('Enter')
  await done(zara, 'Vergelijk hieronder de vingerafdrukken')
  const peer = zara.page.locator('.plein-peer')
  await eventually(async () => assert.equal((await peer.locator('.plein-fingerprint code').innerText()).trim(), aloud))
  await look(south, await stateOf(zara), 'netwerk-vergelijken', '/beheer/netwerk', { nl: /Bel de beheerder en vergelijk/, en: /Call the administrator and compare/ })
  await peer.getByRole('button', { name: 'Overnemen wat klopt' }).click()
  await peer.getByRole('alert').getByRole('link', { name: 'Vink aan wie u hebt vergeleken.' }).click()
  await zara.page.keyboard.press('Space')
  await peer.getByRole('button', { name: 'Overnemen wat klopt' }).click()
  await done(zara, 'UDC Noord: opgenomen')
  await peer.getByText('1 beschrijving ·').waitFor()
  await zara.page.getByText('Voor het eerst alles ophalen').waitFor({ state: 'detached' })
  await eventually(async () => assert.match(await peer.innerText(), /Actief[\s\S]*Laatst gezien/))
  await look(south, await stateOf(zara), 'netwerk', '/beheer/netwerk', { nl: /Eén andere catalogus/, en: /One other catalogue/ })
  await look(south, await stateOf(zara), 'netwerk-apart', '/beheer/netwerk?deel=apart', { nl: /Niets is apart gezet/, en: /Nothing was put aside/ })
})

const stranger = await visitor(browser, south)

journey('what was published there is found here, as a copy with the way home', async () => {
  await until(async () => {
    await stranger.open('/zoeken?q=zwaluwen')
    return /Kopie van UDC Noord/.test(await text(stranger))
  }, 'the copy in the results')
  await stranger.page.getByRole('link', { name: 'Zwaluwen onder bruggen' }).first().click()
  await stranger.page.locator('.plein-project').waitFor()
  const said = await text(stranger)
  assert.match(said, /Kopie van UDC Noord · laatst gezien op \d+ \w+ \d{4}/)
  assert.doesNotMatch(said, /Verstuur/)
  await eventually(async () => assert.equal(await stranger.page.locator('#fout-melden').count(), 0))
  await eventually(async () => assert.equal(await stranger.page.locator('link[rel=canonical]').getAttribute('href'), await stranger.page.getByRole('link', { name: 'Bekijk of reageer bij UDC Noord' }).getAttribute('href')))
  const here = new URL(stranger.page.url()).pathname
  await look(south, undefined, 'kopie', here, { nl: /Kopie van UDC Noord/, en: /Copy from UDC Noord/ })
  await look(south, undefined, 'zoeken-kopie', '/zoeken?q=zwaluwen', { nl: /Kopie van UDC Noord/, en: /Copy from UDC Noord/ })

  // Only what is from there, by the form and by the address.
  await stranger.open('/zoeken')
  const choices = stranger.page.locator('#filter-plein')
  if (!(await choices.evaluate((d) => d.open))) await choices.locator('summary').click()
  await choices.getByLabel('UDC Noord').check()
  await stranger.page.waitForURL(/plein=nod_/)
  await stranger.page.getByRole('heading', { name: '1 beschrijving' }).waitFor()
  await eventually(async () => assert.match(await text(stranger), /Van welk Plein: UDC Noord[\s\S]*Zwaluwen onder bruggen/))
  const onlyNorth = stranger.page.url().slice(south.base.length)
  await look(south, undefined, 'zoeken-plein', onlyNorth, { nl: /Van welk Plein: UDC Noord/, en: /From which Plein: UDC Noord/ })
  const csv = await (await fetch(south.base + onlyNorth.replace('/zoeken?', '/zoeken.csv?'))).text()
  assert.equal(csv.trim().split(/\r?\n/).length, 2, csv)
  assert.match(csv, /Zwaluwen onder bruggen/)
  await stranger.open(here)
  await stranger.page.locator('.plein-project').waitFor()
  const publisher = await stranger.page.locator('.plein-project__opening a').first().getAttribute('href')
  await look(south, undefined, 'udc-elders', publisher, { nl: /Publiceert op\s+UDC Noord/, en: /Publishes on\s+UDC Noord/ })

  // Without scripts too.
  const { context, page } = await visitor(browser, south, { javaScriptEnabled: false })
  await openWhole(page, south.base + here)
  await page.getByRole('link', { name: 'Bekijk of reageer bij UDC Noord' }).click()
  assert.equal(page.url(), north.base + zwaluwen)
  await openWhole(page, south.base + '/zoeken')
  await page.locator('#filter-plein > summary').click()
  await page.locator('#filter-plein').getByLabel('UDC Noord').check()
  await page.getByRole('button', { name: 'Toon resultaten' }).click()
  await page.waitForURL(/plein=nod_/)
  await eventually(async () => assert.match(await page.locator('main').innerText(), /Van welk Plein: UDC Noord[\s\S]*Zwaluwen onder bruggen/))
  await context.close()
})

journey('pausing tells readers that something may be missing', async () => {
  await zara.open('/beheer/netwerk')
  await zara.page.getByRole('button', { name: /^Pauzeren/ }).click()
  await done(zara, 'UDC Noord is gepauzeerd')
  await until(async () => {
    await stranger.open('/zoeken?q=zwaluwen')
    return /Resultaten van UDC Noord kunnen ontbreken of verouderd zijn/.test(await text(stranger))
  }, 'the notice')
  await look(south, undefined, 'zoeken-ontbreekt', '/zoeken?q=zwaluwen', { nl: /kunnen ontbreken of verouderd zijn/, en: /may be missing or out of date/ })
  await zara.page.getByRole('button', { name: /^Hervatten/ }).click()
  await done(zara, 'UDC Noord is weer actief')
  await zara.page.getByRole('button', { name: /^Nu ophalen/ }).click()
  await done(zara, 'We hebben net bij UDC Noord gekeken')
})

/** What one journey leaves to the next. */
let repeated

journey('who writes here repeats a project from there', async () => {
  await stranger.open('/zoeken?q=zwaluwen')
  const here = await stranger.page.getByRole('link', { name: 'Zwaluwen onder bruggen' }).first().getAttribute('href')
  await zeno.open(here)
  await zeno.page.getByRole('link', { name: 'Herhaal dit project' }).click()
  await zeno.page.getByRole('heading', { level: 1, name: 'Herhaal dit project' }).waitFor()
  await eventually(async () => assert.match(await text(zeno), /U schrijft voor UDC Zuid/))
  await look(south, await stateOf(zeno), 'herhalen', new URL(zeno.page.url()).pathname, { nl: /Hoe gaat u het doen/, en: /How are you going to do it/ })
  await zeno.page.getByLabel(/Aanpassen/).check()
  await zeno.page.getByRole('button', { name: 'Begin met de werkversie' }).click()
  await zeno.page.getByRole('heading', { level: 2, name: 'Onderdelen' }).waitFor()
  const at = new URL(zeno.page.url()).pathname
  await zeno.open(`${at}?deel=vraag`)
  await eventually(async () => assert.match(await zeno.page.locator('#veld-question').inputValue(), /Zwaluwen onder bruggen/))
  await zeno.page.locator('#veld-title').fill('Zwaluwen in Rijswijk')
  await zeno.open(`${at}?deel=gebaseerd`)
  await zeno.page.getByRole('group', { name: 'Zwaluwen onder bruggen' }).getByLabel('Wat deed u anders?').fill('Wij telden ook de jongen.')
  await zeno.page.keyboard.press('Tab')
  await zeno.page.waitForFunction(() => /Bewaard om/.test(document.querySelector('.plein-saved')?.textContent ?? ''))
  await look(south, await stateOf(zeno), 'werk-gebaseerd', `${at}?deel=gebaseerd`, { nl: /Gebaseerd op/, en: /Based on/ })
  const id = at.split('/').at(-1)
  const { draft } = await zeno.ask('query ($id: ID!) { draft(id: $id) { revision ... on Project { basedOn { kind whatWeDidDifferently } } } }', { id })
  assert.deepEqual(draft.basedOn, [{ kind: 'ADAPTED', whatWeDidDifferently: 'Wij telden ook de jongen.' }])
  const { concepts } = await zeno.ask('{ concepts(scheme: POLICY_DOMAIN) { id } }')
  const ready = await zeno.write('projectUpdate', 'ProjectUpdateInput', { id, revision: draft.revision, summary: 'Zwaluwen geteld, met hun jongen.', policyDomains: [concepts[0].id], municipalities: ['GM0603'] })
  repeated = await publish(zeno, zara, ready)
  await look(south, undefined, 'gebaseerd-op', `/projecten/udc-zuid/${repeated.slug}`, { nl: /Gebaseerd op[\s\S]*aangepast[\s\S]*Wij telden ook de jongen/, en: /Based on[\s\S]*adapted/ })
})

journey('it is seen where it was repeated from, and its people decide whether it is shown with theirs', async () => {
  await nora.open('/beheer/netwerk')
  await nora.page.getByLabel('Adres van de andere catalogus').fill(south.base)
  await nora.page.keyboard.press('Enter')
  await nora.page.getByRole('checkbox', { name: 'UDC Zuid' }).check()
  await nora.page.getByRole('button', { name: 'Overnemen wat klopt' }).click()
  await done(nora, 'UDC Zuid: opgenomen')
  const reader = await visitor(browser, north)
  const isShown = async () => {
    await reader.open(zwaluwen)
    return /Herhaald in 1 gemeente[\s\S]*Zwaluwen in Rijswijk/.test(await text(reader))
  }
  await until(isShown, 'the reuse')
  await look(north, undefined, 'herhaald', zwaluwen, { nl: /Herhaald in 1 gemeente/, en: /Repeated in 1 municipality/ })

  await nora.open(zwaluwen)
  await nora.page.getByRole('link', { name: 'Wie herhaalde dit?' }).click()
  await nora.page.getByText('Niet tonen bij ons project').click()
  await nora.page.getByLabel('Waarom?').fill('Dit gaat over andere vogels.')
  await look(north, await stateOf(nora), 'wie-herhaalde', new URL(nora.page.url()).pathname, { nl: /Eén project staat erbij/, en: /One project is shown with it/ })
  await nora.page.getByRole('button', { name: 'Laat dit project weg' }).click()
  await done(nora, 'staat niet meer bij uw project')
  await until(async () => !(await isShown()), 'that it is left out')
  await look(north, await stateOf(nora), 'wie-herhaalde-verborgen', new URL(nora.page.url()).pathname, { nl: /Eén project laat u weg/, en: /You leave one project out/ })
  await nora.page.getByRole('button', { name: /^Weer tonen/ }).click()
  await done(nora, 'staat weer bij uw project')
  await until(isShown, 'that it is shown again')
  await reader.context.close()
})

/** Looks at the other node now, as its page does, and tells how it stood. */
async function pulled() {
  const { federation } = await zara.ask('{ federation { peers { nodes { id publishers { problem fingerprint recordCount } } } } }')
  const [peer] = federation.peers.nodes
  await zara.ask('mutation ($id: ID!) { peerPull(id: $id) { userErrors { code } } }', { id: peer.id })
  return peer.publishers[0]
}

const waiting = /27 intrekkingen wachten op u/
const many = 47 // of which 20 are believed without asking

journey('who withdraws very much at once waits for somebody who asked which', async () => {
  const { concepts } = await noud.ask('{ concepts(scheme: POLICY_DOMAIN) { id } }')
  const withdrawn = []
  for (let n = 1; n <= many; n++) {
    const title = `Straatmeting ${String(n).padStart(2, '0')}`
    const made = await noud.write('projectCreate', 'ProjectCreateInput', { organization: udcNorth, title, question: `Wat meten we bij ${title}?`, summary: title, policyDomains: [concepts[0].id], municipalities: ['GM0503'] })
    withdrawn.push(await publish(noud, nora, made))
  }
  await until(async () => (await pulled()).recordCount === many + 1, 'all of them')
  for (const { id, revision } of withdrawn) await nora.write('recordWithdraw', 'TransitionInput', { id, revision, note: 'Dit was een proef.' })
  await until(async () => {
    await pulled()
    await zara.open('/beheer/netwerk')
    return waiting.test(await text(zara))
  }, 'that they wait')
  await look(south, await stateOf(zara), 'netwerk-intrekkingen', '/beheer/netwerk', { nl: waiting, en: /27 withdrawals wait for you/ })
  const shown = zara.page.locator('.plein-waiting > li')
  await shown.first().waitFor()
  await eventually(async () => assert.equal(await shown.count(), 25))
  await eventually(async () => assert.match(await shown.first().innerText(), /^Straatmeting \d\d$/))
  await zara.page.getByRole('button', { name: /^En nog 2: toon meer/ }).focus()
  await zara.page.keyboard.press('Enter')
  await shown.nth(26).waitFor()
  await zara.page.waitForFunction(() => document.activeElement?.matches('.plein-waiting > li:nth-child(26)'))
  // On from there with the keyboard alone: the two links, and then what lets them through.
  for (const key of ['Tab', 'Tab', 'Tab', 'Enter', 'Tab', 'Space', 'Tab']) await zara.page.keyboard.press(key)
  await eventually(async () => assert.equal(await zara.page.evaluate(() => document.activeElement.textContent), 'Laat de intrekkingen door'))
  assert.deepEqual(await axeProblems(zara.page), [])
  const link = await shown.first().getByRole('link').getAttribute('href')
  await zara.page.keyboard.press('Enter')
  await done(zara, 'De intrekkingen van UDC Noord worden nu overgenomen')
  await eventually(async () => assert.equal(await zara.page.locator('.plein-waiting').count(), 0))
  await until(async () => (await pulled()).recordCount === 1, 'that they are gone')
  assert.equal((await stranger.context.request.get(south.base + link)).status(), 410)
})

/** The fingerprint that an administrator reads aloud. */
async function aloud() {
  await nora.open('/beheer/netwerk?deel=sleutels')
  return (await nora.page.locator('.plein-fingerprint code').innerText()).trim()
}
const backup = `${north.data}-kopie`
after(() => rmSync(backup, { recursive: true, force: true }))

journey('a key is replaced after a warning, and those who are connected follow', async () => {
  plein('backup', backup, '--data', north.data)
  const before = await aloud()
  await nora.page.getByText('Sleutel vervangen').click()
  await eventually(async () => assert.match(await text(nora), /U kunt niet terug naar de oude/))
  for (const width of [360, 1280]) {
    await nora.page.setViewportSize({ width, height: 900 })
    assert.equal(await nora.page.evaluate(() => document.documentElement.scrollWidth), width)
    assert.deepEqual(await axeProblems(nora.page), [])
    await nora.page.screenshot({ path: join(out, `netwerk-sleutel-vervangen-${width}.png`), fullPage: true })
  }
  await nora.page.getByRole('button', { name: 'Vervang de sleutel' }).click() // not before the tick
  assert.equal(await nora.page.locator('.plein-fingerprint code').innerText().then((code) => code.trim()), before)
  await nora.page.getByLabel('Ik wil de sleutel nu vervangen.').check()
  await nora.page.getByRole('button', { name: 'Vervang de sleutel' }).click()
  await done(nora, 'De sleutel van UDC Noord is vervangen')
  const now = await aloud()
  assert.notEqual(now, before)
  await until(async () => (await pulled()).fingerprint === now, 'that the new key is known')
})

journey('a key that nothing vouches for stands beside the old one until somebody compared it', async () => {
  const known = await aloud()
  const flags = ['--data', north.data, '--base-url', north.base]
  await north.restart(() => {
    plein('restore', backup, '--force', '--data', north.data)
    for (let times = 0; times < 2; times++) plein('key', 'rotate', 'udc-noord', ...flags)
  })
  await signIn(nora, north, 'Nora')
  await signIn(noud, north, 'Noud')
  const now = await aloud()
  await until(async () => (await pulled()).problem === 'KEY_CHANGED', 'the other key')
  await zara.open('/beheer/netwerk')
  await look(south, await stateOf(zara), 'netwerk-andere-sleutel', '/beheer/netwerk', { nl: /Deze uitgever laat een andere sleutel zien/, en: /This publisher shows another key/ })
  await eventually(async () => {
    const codes = await zara.page.locator('.plein-keys code').allInnerTexts()
    assert.deepEqual(codes.map((code) => code.trim()), [known, now])
  })
  const field = zara.page.getByLabel('Nieuwe vingerafdruk, zoals de beheerder die voorleest')
  await field.fill(known.replace(/^./, (c) => (c === '0' ? '1' : '0')))
  await zara.page.keyboard.press('Enter')
  await zara.page.getByText('Deze vingerafdruk is een andere').first().waitFor()
  assert.deepEqual(await axeProblems(zara.page), [])
  await field.fill(now.toUpperCase())
  await zara.page.keyboard.press('Enter')
  await done(zara, 'De nieuwe sleutel van UDC Noord is aangenomen')
  await until(async () => {
    const { problem, fingerprint } = await pulled()
    return problem === null && fingerprint === now
  }, 'that it goes on under the new key')
})

journey('a folder that was moved signs nothing until somebody says that it is the only one', async () => {
  const elsewhere = `${north.data}-verhuisd`
  await north.restart(() => {
    cpSync(north.data, elsewhere, { recursive: true })
    rmSync(north.data, { recursive: true })
    renameSync(elsewhere, north.data)
  })
  await nora.open('/beheer/netwerk')
  await nora.page.getByText('Deze kopie publiceert niet').waitFor()
  await look(north, await stateOf(nora), 'netwerk-kopie', '/beheer/netwerk', { nl: /Deze kopie publiceert niet/, en: /This copy does not publish/ })
  await nora.page.getByRole('button', { name: 'Deze gaat verder' }).click() // not before the tick
  assert.match(await text(nora), /Deze kopie publiceert niet/)
  await nora.page.getByLabel('De andere staat uit en blijft uit.').check()
  await nora.page.keyboard.press('Tab')
  await nora.page.keyboard.press('Enter')
  await done(nora, 'Deze catalogus publiceert weer')
  await eventually(async () => assert.equal(await nora.page.getByText('Deze kopie publiceert niet').count(), 0))
  const { search } = await noud.ask('{ search(query: "zwaluwen") { nodes { ... on Project { id title provenance } } } }')
  const { id } = search.nodes.find(({ title }) => title === 'Zwaluwen onder bruggen')
  const { draft: working } = await noud.ask('query ($id: ID!) { draft(id: $id) { revision } }', { id })
  await publish(noud, nora, await noud.write('projectUpdate', 'ProjectUpdateInput', { id, revision: working.revision, summary: 'Geteld na de verhuizing.' }))
  await until(async () => {
    await pulled()
    await stranger.open('/zoeken?q=verhuizing')
    return /Zwaluwen onder bruggen/.test(await text(stranger))
  }, 'what was published after the move')
})

journey('blocking tells what disappears, and then it does', async () => {
  await zara.open('/beheer/netwerk')
  const peer = zara.page.locator('.plein-peer')
  await peer.getByText('Blokkeren: UDC Noord').click()
  await eventually(async () => assert.match(await peer.innerText(), /Alles wat van UDC Noord kwam, wordt hier gewist: 1 beschrijving,/))
  await peer.locator('input[id$=-blokkeren]').last().check()
  await peer.getByRole('button', { name: 'Blokkeer UDC Noord' }).click()
  await done(zara, 'UDC Noord is geblokkeerd')
  await until(async () => {
    await stranger.open('/zoeken?q=zwaluwen')
    return !/Kopie van UDC Noord/.test(await text(stranger))
  }, 'that the copy is gone')
  await look(south, await stateOf(zara), 'netwerk-geblokkeerd', '/beheer/netwerk', { nl: /Weer toelaten/, en: /Allow again/ })
})

journey('nobody saw an error on the way', () => {
  for (const someone of [nora, noud, zara, zeno, stranger]) assert.deepEqual(someone.problems, [])
})
