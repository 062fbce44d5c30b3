// From the first start to a working organisation: who comes in, what they may do, and how that ends.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { eventually, launch } from './browser.mjs'
import { serve } from './node.mjs'
import { password, visitor } from './people.mjs'

const node = await serve('starter')
const browser = await launch()
after(async () => {
  await browser.close()
  await node.stop()
})
const journey = (name, walk) => test(name, { timeout: 180_000 }, walk)

const administrator = await visitor(browser, node)
const people = {}
for (const name of ['Anna', 'Carla', 'Cees']) people[name] = await visitor(browser, node)
const { Anna: anna } = people
const addressOf = (name) => `${name.toLowerCase()}@proef.test`

/** Fills in the form to sign in, wherever that leads. */
async function signIn({ page }, name, secret = password) {
  await page.getByLabel('E-mailadres').fill(addressOf(name))
  await page.getByLabel('Wachtwoord', { exact: true }).fill(secret)
  await page.getByRole('button', { name: 'Inloggen' }).click()
}

const arrived = (page, path) => page.waitForURL((url) => url.pathname + url.search === path)

/** Somebody in the list of members. */
const memberIn = (page, name) => page.locator('.plein-tasks > li').filter({ has: page.getByRole('heading', { name }) })

journey('the first start gives a link, and the link an administrator', async () => {
  const link = /^http:\S+\/toegang\/\S+$/m.exec(node.log())[0]
  const { page } = administrator
  await page.goto(link)
  await eventually(async () => assert.equal(await page.locator('h1').innerText(), 'Plein in gebruik nemen'))
  await page.getByLabel('Uw naam').fill('Beheerder')
  await page.getByLabel('E-mailadres').fill(addressOf('Beheerder'))
  await page.getByLabel('Wachtwoord', { exact: true }).fill(addressOf('Beheerder'))
  await page.getByRole('button', { name: 'Account maken' }).click()
  await page.getByRole('alert').getByText('Uw naam of e-mailadres kan geen wachtwoord zijn.').waitFor()
  await page.getByLabel('Uw naam').fill('Beheerder')
  await page.getByLabel('E-mailadres').fill(addressOf('Beheerder'))
  await page.getByLabel('Wachtwoord', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Account maken' }).click()
  await arrived(page, '/mijn')
  await page.getByText('Welkom, Beheerder').waitFor()
  const again = await fetch(link)
  assert.equal(again.status, 404)
})

journey('the administrator makes an organisation and invites an author and two coordinators', async () => {
  const { page } = administrator
  await page.getByRole('link', { name: 'Organisaties en accounts' }).click()
  await page.getByRole('link', { name: 'Organisaties', exact: true }).first().click()
  await page.getByLabel('Naam', { exact: true }).fill('UDC Proef')
  await page.getByLabel('Korte naam').fill('udc-proef')
  await page.getByRole('combobox', { name: 'Gemeenten die meedoen' }).fill('Delf')
  await page.getByRole('option', { name: 'Delft' }).click()
  await page.getByRole('button', { name: 'Organisatie maken' }).click()
  await page.getByText('UDC Proef is gemaakt.').waitFor()
  await page.getByRole('link', { name: 'Nodig een beheerder uit voor UDC Proef' }).click()
  await arrived(page, '/beheer/udc-proef/leden')
  for (const [name, role] of [['Anna', 'auteur'], ['Carla', 'coördinator'], ['Cees', 'coördinator']]) {
    const form = page.locator('section[aria-labelledby=uitnodigen]')
    await form.getByLabel('E-mailadres').fill(addressOf(name))
    await form.getByLabel('Naam (mag leeg blijven)').fill(name)
    await form.getByLabel(role, { exact: true }).check()
    await form.getByRole('button', { name: 'Uitnodigen' }).click()
    await page.getByText(`${addressOf(name)} is uitgenodigd. Geef de link hieronder door.`).waitFor()
    const link = page.locator('.plein-copyable')
    await page.getByText(`Geef deze link aan ${name}`).waitFor()
    people[name].link = await link.innerText()
    assert.match(people[name].link, new RegExp(`^${node.base}/toegang/[\\w-]{43}$`))
    await memberIn(page, name).getByText('Nog geen wachtwoord').waitFor()
  }
  assert.equal(new Set(Object.values(people).map(({ link }) => link)).size, 3)
  await page.reload()
  await page.locator('main h1').waitFor()
  await eventually(async () => assert.equal(await page.locator('.plein-copyable').count(), 0, 'a link is shown twice'))
})

for (const [name, someone] of Object.entries(people)) {
  journey(`${name} chooses a password, and the link is used up`, async () => {
    const { page, link } = someone
    await page.goto(link)
    await eventually(async () => assert.equal(await page.locator('h1').innerText(), 'Welkom bij Plein'))
    await eventually(async () => assert.equal(await page.getByLabel('E-mailadres').inputValue(), addressOf(name)))
    await page.getByLabel('Wachtwoord', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Account maken' }).click()
    await arrived(page, '/mijn')
    await page.getByRole('link', { name: 'Nieuw project' }).waitFor()
    assert.equal((await fetch(link)).status, 404)
  })
}

journey('who signs out is out, a wrong password is refused, and the right one leads to where one was going', async () => {
  const { page } = anna
  await page.getByRole('button', { name: 'Uitloggen' }).click()
  await arrived(page, '/')
  await page.goto(`${node.base}/mijn/account`)
  await arrived(page, '/inloggen?volgende=%2Fmijn%2Faccount')
  await signIn(anna, 'Anna', 'vier fietsen in de gracht')
  const alert = page.getByRole('alert')
  await alert.getByText('Het e-mailadres en het wachtwoord horen niet bij elkaar.').waitFor()
  const known = await alert.innerText()
  await eventually(async () => assert.equal(await alert.evaluate((box) => box === document.activeElement), true, 'the message does not have the focus'))
  assert.match(await page.title(), /^Fout: /)
  await signIn(anna, 'Niemand')
  await alert.waitFor()
  await eventually(async () => assert.equal(await alert.innerText(), known, 'the message says who has an account'))
  await signIn(anna, 'Anna')
  await arrived(page, '/mijn/account')
  await page.getByText('UDC Proef').first().waitFor()
})

journey('a forgotten password on a node without mail: whom to ask, and what they do', async () => {
  const forgetful = await visitor(browser, node)
  await forgetful.open('/inloggen')
  await forgetful.page.getByRole('link', { name: 'Wachtwoord vergeten?' }).click()
  await forgetful.page.getByText('Vraag de beheerder van uw organisatie om een link waarmee u een ander wachtwoord kiest.').waitFor()

  await administrator.open('/beheer/node?begin=cees')
  const { page } = administrator
  await page.getByText('Account beheren: Cees').click()
  await page.getByRole('button', { name: 'Maak een link' }).click()
  await page.getByText('De link voor Cees is gemaakt.').waitFor()
  await forgetful.page.goto(await page.locator('.plein-copyable').innerText())
  await eventually(async () => assert.equal(await forgetful.page.locator('h1').innerText(), 'Kies een ander wachtwoord'))
  await forgetful.page.getByLabel('Nieuw wachtwoord').fill('een hond op het balkon')
  await forgetful.page.getByRole('button', { name: 'Wachtwoord bewaren' }).click()
  await arrived(forgetful.page, '/mijn')
  await people.Cees.page.goto(`${node.base}/mijn`) // the browser in which they were signed in
  await arrived(people.Cees.page, '/inloggen?volgende=%2Fmijn')
  await signIn(people.Cees, 'Cees')
  await people.Cees.page.getByRole('alert').waitFor()
  await signIn(people.Cees, 'Cees', 'een hond op het balkon')
  await arrived(people.Cees.page, '/mijn')
  await forgetful.context.close()
})

journey('a session that is ended elsewhere ends at once, and what was being written stays', async () => {
  const laptop = await visitor(browser, node)
  await laptop.open('/inloggen?volgende=/publiceren/nieuw')
  await signIn(laptop, 'Anna')
  await laptop.page.getByLabel('Wat is de vraag?').fill('Wie fietst er naar het werk?')

  await anna.open('/mijn/account')
  const others = anna.page.getByRole('button', { name: /^Uitloggen: ingelogd op/ })
  await eventually(async () => assert.equal(await others.count(), 1))
  await others.click()
  await anna.page.getByText('Die browser is uitgelogd.').waitFor()

  await laptop.page.getByRole('button', { name: 'Beginnen' }).click()
  await laptop.page.getByText('U bent niet meer ingelogd.').waitFor()
  await eventually(async () => assert.equal(await laptop.page.getByLabel('Wat is de vraag?').inputValue(), 'Wie fietst er naar het werk?'))
  await laptop.page.reload()
  await arrived(laptop.page, '/inloggen?volgende=%2Fpubliceren%2Fnieuw')
  await signIn(laptop, 'Anna')
  await arrived(laptop.page, '/publiceren/nieuw')
  await eventually(async () => assert.equal(await laptop.page.getByLabel('Wat is de vraag?').inputValue(), 'Wie fietst er naar het werk?'))
  await laptop.context.close()
})

journey('another role counts at once', async () => {
  await anna.open('/publiceren/nieuw')
  await anna.page.getByLabel('Wat is de vraag?').fill('Mag dit nog?')
  const become = async (role) => {
    await administrator.open('/beheer/udc-proef/leden')
    const member = memberIn(administrator.page, 'Anna')
    await member.getByText('Rol veranderen: Anna').click()
    await member.getByLabel(role, { exact: true }).check()
    await member.getByRole('button', { name: 'Rol bewaren' }).click()
    await administrator.page.getByText(`Anna is nu ${role}.`).waitFor()
  }
  await become('lid')
  await anna.page.getByRole('button', { name: 'Beginnen' }).click()
  await anna.page.getByText('U mag dit niet doen.').waitFor()
  await anna.open('/mijn')
  await eventually(async () => assert.equal(await anna.page.getByRole('link', { name: 'Nieuw project' }).count(), 0))
  await become('auteur')
  await anna.open('/publiceren/nieuw')
  await anna.page.getByRole('button', { name: 'Beginnen' }).click()
  await anna.page.waitForURL(/\/publiceren\/prj_/)
})

journey('who is taken out of the organisation sees nothing of it any more', async () => {
  const { page } = anna
  const draft = new URL(page.url()).pathname
  await administrator.open('/beheer/udc-proef/leden')
  const member = memberIn(administrator.page, 'Anna')
  await member.getByText('Verwijderen: Anna').click()
  await member.getByRole('button', { name: 'Anna nu verwijderen' }).click()
  await administrator.page.getByText('Anna hoort niet meer bij de organisatie.').waitFor()
  await anna.open(draft)
  await eventually(async () => assert.equal(await page.locator('h1').innerText(), 'Deze pagina is er niet'))
})
