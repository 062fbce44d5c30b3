// Signing in with OpenID Connect, at a real provider and in a real browser. What a provider never does, because it does
// not lie, is in internal/identity/oidc_test.go.
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { launch } from './browser.mjs'
import { freePort, plein, serve } from './node.mjs'
import { provide } from './provider.mjs'

const people = {
  jan: { email: 'Jan@leiden.test', email_verified: true, name: 'Jan de Tester' },
  piet: { email: 'piet@leiden.test', email_verified: false, name: 'Piet de Tester' },
  vreemd: { email: 'vreemd@elders.test', email_verified: true, name: 'Vreemd' },
}

const closing = []
after(async () => {
  for (const close of closing.reverse()) await close()
})
const browser = await launch()
closing.push(() => browser.close())

/** A node that knows Jan and Piet, with a key of its own at a provider that is not there yet. */
async function nodeAt(port, privateKey) {
  const dir = mkdtempSync(join(tmpdir(), 'plein-key-'))
  const file = join(dir, 'key.pem')
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  const node = await serve('starter', '--oidc-issuer', `http://127.0.0.1:${port}`, '--oidc-client-id', 'plein', '--oidc-key', file)
  closing.push(async () => {
    await node.stop()
    rmSync(dir, { recursive: true })
  })
  for (const who of ['jan', 'piet']) plein('user', 'invite', `${who}@leiden.test`, '--data', node.data)
  return node
}

/** A provider at which a node is registered: with the key that it shows. */
async function register(node, port, signing) {
  const jwks = await fetch(`${node.base}/inloggen/oidc/sleutels.json`).then((r) => r.json())
  const provider = await provide({ port, signing, people, client: { id: 'plein', returnTo: `${node.base}/inloggen/oidc/terug`, jwks } })
  closing.push(() => provider.stop())
}

/** Where the node sends somebody who wants to sign in. It asks a provider that was down again after a moment. */
async function begin(node) {
  for (let tries = 0; tries < 300; tries++) {
    const to = (await fetch(`${node.base}/inloggen/oidc`, { redirect: 'manual' })).headers.get('location')
    if (!to.startsWith('/')) return to
    await new Promise((done) => setTimeout(done, 100))
  }
  assert.fail('the node does not find the provider')
}

/** Another browser, as far as anybody can tell. */
async function visitor() {
  const context = await browser.newContext()
  await context.route(/googleapis/, (route) => route.abort()) // of the provider's form
  return { context, page: await context.newPage() }
}

/** Goes to the provider and fills in who one is. */
async function signIn(page, node, who, path = '/inloggen/oidc') {
  await page.goto(node.base + path)
  await identify(page, who)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.waitForURL((url) => url.origin === node.base && !url.pathname.startsWith('/inloggen/oidc'))
  return new URL(page.url())
}

async function identify(page, who) {
  await page.locator('input[name=login]').fill(who)
  await page.locator('input[name=password]').fill('maakt niet uit')
  await page.getByRole('button', { name: 'Sign-in' }).click()
  await page.getByRole('button', { name: 'Continue' }).waitFor()
}

async function kept(context, node) {
  const answer = await context.request.get(`${node.base}/mijn/gegevens.json`, { maxRedirects: 0 })
  return answer.status() === 200 ? answer.json() : undefined
}

const port = await freePort()
const node = await nodeAt(port, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)

test('a provider that is down stops nobody, and is found when it is up', { timeout: 180_000 }, async () => {
  const answer = await fetch(`${node.base}/inloggen/oidc?volgende=/mijn/account`, { redirect: 'manual' })
  assert.equal(answer.headers.get('location'), '/inloggen?fout=oidc-uit&volgende=%2Fmijn%2Faccount')
  assert.equal((await fetch(`${node.base}/readyz`)).status, 200)
  await register(node, port, 'ES256')
  await begin(node)
})

test('somebody who was invited signs in, comes back to their page, and is known the next time', { timeout: 180_000 }, async () => {
  const { context, page } = await visitor()
  assert.equal((await signIn(page, node, 'jan')).pathname, '/mijn')
  const first = await kept(context, node)
  assert.equal(first.user.email, 'jan@leiden.test')
  assert.equal(first.user.name, 'Jan de Tester')
  assert.equal(first.user.state, 'ACTIVE')
  assert.deepEqual(first.identities.map(({ issuer, subject }) => ({ issuer, subject })), [{ issuer: `http://127.0.0.1:${port}`, subject: 'jan' }])
  const cookies = await context.cookies(node.base)
  assert.ok(cookies.some((c) => c.name === 'plein' && c.httpOnly && c.sameSite === 'Lax'), 'no session')
  assert.ok(!cookies.some((c) => c.name === 'plein-oidc'), 'the cookie of the sign-in is still there')

  const other = await visitor()
  const url = await signIn(other.page, node, 'jan', '/en/inloggen/oidc?volgende=/en/zoeken%3Fq%3Dwonen')
  assert.equal(url.pathname + url.search, '/en/zoeken?q=wonen')
  const second = await kept(other.context, node)
  assert.equal(second.user.id, first.user.id)
  assert.equal(second.sessions.length, 2)
  assert.equal(second.identities.length, 1)
  await context.close()
  await other.context.close()
})

for (const [who, why] of [['vreemd', 'has no account'], ['piet', 'has an address that was not verified']]) {
  test(`somebody who ${why} is refused`, { timeout: 180_000 }, async () => {
    const { context, page } = await visitor()
    const url = await signIn(page, node, who)
    assert.equal(url.pathname + url.search, '/inloggen?fout=oidc-geen-account&volgende=%2Fmijn')
    assert.equal(await kept(context, node), undefined)
    await context.close()
  })
}

test('an answer counts in the browser that began, and once', { timeout: 180_000 }, async () => {
  const { context, page } = await visitor()
  await page.goto(`${node.base}/inloggen/oidc`)
  await identify(page, 'jan')
  // The answer is taken on its way: of the two steps back the browser makes none.
  const held = await new Promise((found) =>
    page.route(/\/interaction\//, async (route) => {
      const resumed = await route.fetch({ maxRedirects: 0 })
      const back = await context.request.get(resumed.headers().location, { maxRedirects: 0 })
      await route.fulfill({ status: 204 })
      found(back.headers().location)
    }).then(() => page.getByRole('button', { name: 'Continue' }).click()),
  )
  assert.match(held, /[?&]code=.+&state=.+&iss=/)

  const victim = await visitor()
  await victim.page.goto(held)
  assert.match(victim.page.url(), /\/inloggen\?fout=oidc-mislukt$/)
  assert.equal(await kept(victim.context, node), undefined)

  const mixed = await visitor() // another provider's answer, to what this browser began
  const sent = await mixed.context.request.get(`${node.base}/inloggen/oidc`, { maxRedirects: 0 })
  const state = new URL(sent.headers().location).searchParams.get('state')
  await mixed.page.goto(`${node.base}/inloggen/oidc/terug?code=x&state=${state}&iss=https%3A%2F%2Felders.test`)
  assert.match(mixed.page.url(), /\/inloggen\?fout=oidc-mislukt&volgende=/)

  await page.goto(held)
  assert.equal(new URL(page.url()).pathname, '/mijn')
  assert.ok(await kept(context, node))
  await page.goto(held)
  assert.match(page.url(), /\/inloggen\?fout=oidc-mislukt$/)
  for (const { context } of [victim, mixed]) await context.close()
  await context.close()
})

test('a request from which PKCE was taken out is refused by the provider, and the refusal by the node', { timeout: 180_000 }, async () => {
  const { context, page } = await visitor()
  const sent = await context.request.get(`${node.base}/inloggen/oidc`, { maxRedirects: 0 }) // the browser has the cookie
  const url = new URL(sent.headers().location)
  assert.equal(url.searchParams.get('code_challenge_method'), 'S256')
  url.searchParams.delete('code_challenge')
  url.searchParams.delete('code_challenge_method')
  const answers = []
  page.on('request', (r) => answers.push(r.url()))
  await page.goto(url.href)
  await page.waitForURL(/\/inloggen\?/)
  assert.match(page.url(), /fout=oidc-mislukt/)
  assert.ok(answers.some((url) => /\/terug\?error=invalid_request/.test(url)), answers.join('\n'))
  await context.close()
})

test('a node with an RSA key, at a provider that signs with RS256', { timeout: 180_000 }, async () => {
  const port = await freePort()
  const node = await nodeAt(port, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)
  await register(node, port, 'RS256')
  const { context, page } = await visitor()
  assert.equal((await signIn(page, node, 'jan')).pathname, '/mijn')
  assert.equal((await kept(context, node)).user.email, 'jan@leiden.test')
  await context.close()
})
