// Every page for who signed in, in both languages, wide and narrow: it is the page that it should be, axe finds nothing,
// nothing scrolls sideways, and the browser has no complaints. Screenshots go to e2e/out. And what writing weighs.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { axeProblems, eventually, launch, weigh } from './browser.mjs'
import { inEnglish } from './catalogue.mjs'
import { plein, serve } from './node.mjs'
import { draft, organize, person, term, visitor } from './people.mjs'

const out = join(import.meta.dirname, 'out')
mkdirSync(out, { recursive: true })
const node = await serve('starter')
const browser = await launch()
after(async () => {
  await browser.close()
  await node.stop()
})

const udc = organize(node, 'UDC Proef')
const anna = await person(browser, node, 'Anna', 'udc-proef', 'author')
const carla = await person(browser, node, 'Carla', 'udc-proef', 'administrator')
plein('user', 'role', 'carla@proef.test', '--node-admin', '--data', node.data)
const pages = await everyPage()

/** Something of everything, and the address of each page that shows it. */
async function everyPage() {
  const submit = ({ id, revision }) => anna.write('recordSubmit', 'TransitionInput', { id, revision })
  const review = ({ id, revision }, approve, note) => carla.write('recordReview', 'ReviewInput', { id, revision, approve, note })
  const kind = await term(anna, 'OUTPUT_KIND', 'factsheet')
  const { organizations } = await anna.ask('{ organizations(kinds: [STATISTICS_OFFICE], first: 1) { nodes { id } } }')
  const whole = { phase: 'DONE', answer: 'Ongeveer **een op de drie**.', contacts: [{ label: 'Team Onderzoek', email: 'onderzoek@proef.example', willingToPresent: true }] }

  let work = await draft(anna, udc, 'Fietsen naar het werk', whole)
  work = await anna.write('outputAdd', 'OutputAddInput', { project: work.id, revision: work.revision, kind, producedBy: organizations.nodes[0].id, title: 'Fietsen in vier grafieken', deliveredOn: '2026-01-12' })
  work = await anna.write('policyUseAdd', 'PolicyUseAddInput', { project: work.id, revision: work.revision, kind: (await anna.ask('{ concepts(scheme: POLICY_USE_KIND) { id } }')).concepts[0].id, title: 'Meer stallingen' })
  work = await review(await submit(work), true)
  work = await anna.write('projectUpdate', 'ProjectUpdateInput', { id: work.id, revision: work.revision, summary: 'We telden wie er fietst, ook in de winter. Vragen? Bel 06-12345678.' })
  const waiting = await submit(await draft(anna, udc, 'Bomen tellen', whole))
  const back = await review(await submit(await draft(anna, udc, 'Struiken tellen', whole)), false, 'Noem ook het jaar.')
  const held = await draft(carla, udc, 'Telling van zwaluwen', whole)
  await carla.write('embargoPlace', 'EmbargoPlaceInput', {
    project: held.id,
    revision: held.revision,
    scope: 'RESULTS',
    ground: await term(carla, 'EMBARGO_GROUND', 'besluit'),
    reason: 'De raad besluit eerst over het model.',
    waitsFor: 'Het besluit van de raad',
    until: new Date(Date.now() + 40 * 86_400_000).toISOString(),
  })
  const gone = await draft(anna, udc, 'Toch maar niet')
  await anna.write('recordDiscard', 'TransitionInput', { id: gone.id, revision: gone.revision })
  const lesson = await anna.write('lessonCreate', 'LessonCreateInput', { organization: udc, kind: 'DO', title: 'Maak eerst de vraag scherp', context: 'De vraag was breed.', recommendation: 'Schrijf hem in één zin.', steps: [] })
  const { url } = await anna.write('draftShare', 'DraftShareInput', { record: work.id, note: 'Adviseur verkeer', days: 7 })
  await carla.write('tokenCreate', 'TokenCreateInput', { organization: udc, name: 'Nachtelijke export', scopes: ['READ_ORGANISATION'], days: 30 })
  await carla.write('guestInvite', 'GuestInviteInput', { project: work.id, email: 'gast@cbs.test', name: 'Gast' })
  const sheet = await carla.context.request.post(`${node.base}/imports`, {
    headers: { origin: node.base },
    multipart: { organization: udc, file: { name: 'projecten.xlsx', mimeType: 'application/octet-stream', buffer: readFileSync(join(import.meta.dirname, '../../internal/exchange/testdata/projecten.xlsx')) } },
  })
  const { id: imported } = await sheet.json()

  const at = (made, rest = '') => `/publiceren/${made.id}${rest}`
  const own = '/beheer/udc-proef'
  return [
    ['mijn', '/mijn'],
    ['mijn-account', '/mijn/account'],
    ['nieuw', '/publiceren/nieuw'],
    ['werk', at(work)],
    ...['vraag', 'thema', 'aanpak', 'gebaseerd', 'bronnen', 'team', 'resultaat', 'producten', 'gebruik', 'publiciteit', 'taal', 'lezers'].map((part) => [`werk-${part}`, at(work, `?deel=${part}`)]),
    ['werk-gevraagd', at(back)],
    ['werk-les', at(lesson)],
    ['voorbeeld', at(work, '/voorbeeld')],
    ['beoordelen', at(waiting, '/beoordelen')],
    ['beoordelen-niet', at(work, '/beoordelen')],
    ['embargo-nieuw', at(waiting, '/embargo')],
    ['embargo', at(held, '/embargo')],
    ['geschiedenis', at(work, '/geschiedenis')],
    ['herhalen', at(work, '/herhalen')],
    ['herhaald', at(work, '/herhaald')],
    ['delen', at(work, '/delen')],
    ['intrekken', at(work, '/intrekken')],
    ['meelezen', new URL(url).pathname],
    ['meelezen-onbekend', '/meelezen/er-is-geen-link-met-dit-geheim', 404],
    ['beheer', '/beheer'],
    ['beheer-node', '/beheer/node'],
    ['beheer-netwerk', '/beheer/netwerk'],
    ['beheer-organisaties', '/beheer/node?deel=organisaties'],
    ['beheer-node-logboek', '/beheer/node?deel=logboek'],
    ['leden', `${own}/leden`],
    ['tokens', `${own}/tokens`],
    ['profiel', `${own}/profiel`],
    ['termijnen', `${own}/termijnen`],
    ['logboek', `${own}/logboek`],
    ['importeren', `${own}/importeren`],
    ['importeren-een', `${own}/importeren?import=${imported}`],
    ['niets', '/publiceren/prj_01a20000-0000-7000-8000-000000000000'],
  ].map(([name, path, status = 200]) => ({ name, path, status }))
}

const widths = await Promise.all(
  [1280, 360].map(async (width) => {
    const storageState = await carla.context.storageState()
    return { width, someone: await visitor(browser, node, { viewport: { width, height: 900 }, storageState }) }
  }),
)

for (const { name, path, status } of pages) {
  test(`${name} in both languages, wide and narrow`, { timeout: 300_000 }, async () => {
    const looks = await Promise.allSettled(widths.map((one) => look(name, path, status, one))) // the next page waits for both
    for (const { reason } of looks) if (reason) throw reason
  })
}

async function look(name, path, status, { width, someone: { page, problems } }) {
  for (const [language, address] of [['nl', path], ['en', inEnglish(path)]]) {
    const what = `${address} at ${width} px`
    problems.length = 0
    const answer = await page.goto(node.base + address, { waitUntil: 'networkidle' })
    assert.equal(answer.status(), status, what)
    assert.equal(await page.locator('html').getAttribute('lang'), language, what)
    const isThere = !['niets', 'meelezen-onbekend'].includes(name)
    await eventually(async () => assert.doesNotMatch(await page.locator('h1').innerText(), isThere ? /^\s*$|^(Een ogenblik|One moment|Deze pagina is er niet|This page does not exist)$/ : /^\s*$/, what))
    assert.equal(await page.locator('h1').count(), 1, `${what}: one h1`)
    // The style sheet is there: axe is content with a page without one.
    assert.equal(await page.locator('h1').evaluate((h) => getComputedStyle(h).fontWeight), '700', what)
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, `${what} scrolls sideways`)
    assert.deepEqual(problems.filter((problem) => status === 200 || !problem.includes(String(status))), [], what)
    assert.deepEqual(await axeProblems(page), [], what)
    await page.screenshot({ path: join(out, `${name}-${language}-${width}.png`), fullPage: true })
  }
}

test('writing takes at most 40 KiB of script more than reading', { timeout: 300_000 }, async () => {
  const storageState = await carla.context.storageState()
  const scripts = async (path, options) => {
    const { weight, problems } = await weigh(browser, node.base, path, options)
    assert.deepEqual(problems, [], path)
    return weight.Script
  }
  const reading = await scripts('/projecten/udc-proef/fietsen-naar-het-werk')
  for (const name of ['mijn', 'nieuw', 'werk', 'voorbeeld', 'beoordelen', 'embargo', 'delen', 'meelezen', 'beheer-organisaties', 'beheer-netwerk', 'herhalen', 'profiel', 'importeren-een']) {
    const { path } = pages.find((one) => one.name === name)
    const more = (await scripts(path, { storageState })) - reading
    console.log(`# ${name.padEnd(20)} ${String(more).padStart(7)} bytes of script more than the ${reading} of a public page`)
    assert.ok(more <= 40 * 1024, `${name} takes ${more} bytes of script more than a public page`)
  }
})
