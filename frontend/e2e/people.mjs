// People with an account, each in a browser of their own, and what they write.
import assert from 'node:assert/strict'
import { watch } from './browser.mjs'
import { plein } from './node.mjs'

/** A password that everybody here may have. */
export const password = 'drie fietsen in de gracht'

/** Makes an organisation that speaks for itself on a node, and gives its id. */
export function organize(node, name, municipality = 'Delft') {
  return JSON.parse(plein('organization', 'create', '--name', name, '--municipality', municipality, '--data', node.data, '--json')).id
}

/** Invites somebody, and gives the path of the link. */
export function invite(node, email, organization, role, ...flags) {
  return new URL(plein('user', 'invite', email, '--organization', organization, '--role', role, ...flags, '--data', node.data)).pathname
}

/** Somebody who is signed in, in a browser of their own. */
export async function person(browser, node, name, organization, role) {
  const link = invite(node, `${name.toLowerCase()}@proef.test`, organization, role, '--name', name)
  const someone = await visitor(browser, node)
  const answer = await someone.context.request.post(node.base + link, { form: { name, password }, headers: { origin: node.base }, maxRedirects: 0 })
  assert.equal(answer.headers().location, '/mijn')
  return someone
}

/** Signs somebody in again, as after a backup was restored. */
export async function signIn(someone, node, name) {
  const answer = await someone.context.request.post(node.base + '/inloggen', { form: { email: `${name.toLowerCase()}@proef.test`, password }, headers: { origin: node.base }, maxRedirects: 0 })
  assert.equal(answer.headers().location, '/mijn')
}

/** A browser in which nobody is signed in yet. */
export async function visitor(browser, node, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', ...options })
  const page = await context.newPage()
  const problems = await watch(page, node.base)
  return {
    context,
    page,
    problems,
    /** Opens a page, and waits until it is there. */
    async open(path) {
      await page.goto(node.base + path)
      await page.locator('main h1').waitFor()
    },
    /** Asks the API as who is signed in here. */
    async ask(query, variables) {
      const response = await context.request.post(`${node.base}/graphql`, { data: { query, variables }, headers: { origin: node.base } })
      const { data, errors } = await response.json()
      if (errors) throw new Error(JSON.stringify(errors))
      return data
    },
    /** Carries out a mutation that is not refused. */
    async write(field, type, input) {
      const data = await this.ask(`mutation ($input: ${type}!) { done: ${field}(input: $input) { ${results[type] ?? 'record { id revision slug }'} userErrors { code message } } }`, { input })
      assert.deepEqual(data.done.userErrors, [], `${field} is refused`)
      return data.done.project ?? data.done.record ?? data.done
    },
  }
}

const results = {
  TokenCreateInput: 'secret',
  GuestInviteInput: 'url',
  LessonCreateInput: 'record: lesson { id revision }',
  ProjectCreateInput: 'project { id revision slug }',
  ProjectUpdateInput: 'project { id revision slug }',
  OutputAddInput: 'output { id } project { id revision slug }',
  PolicyUseAddInput: 'project { id revision slug }',
  EmbargoPlaceInput: 'project { id revision slug }',
  DraftShareInput: 'url',
}

/** The working copy of a project that is complete, made by somebody. */
export async function draft(someone, organization, title, more = {}) {
  const { concepts } = await someone.ask('{ concepts(scheme: POLICY_DOMAIN) { id } }')
  const made = await someone.write('projectCreate', 'ProjectCreateInput', { organization, title, question: `Wat weten we over ${title}?`, summary: `Een project over ${title}.`, policyDomains: [concepts[0].id] })
  if (Object.keys(more).length === 0) return made
  return someone.write('projectUpdate', 'ProjectUpdateInput', { id: made.id, revision: made.revision, ...more })
}

/** The term of a vocabulary that is known by a short name. */
export async function term(someone, scheme, notation) {
  const { concepts } = await someone.ask(`{ concepts(scheme: ${scheme}) { id notation } }`)
  return concepts.find((concept) => concept.notation === notation).id
}

/** Waits until what was typed is with the server. */
export const saved = (page) => page.waitForFunction(() => /Bewaard om|Saved at/.test(document.querySelector('.plein-saved')?.textContent ?? ''))
