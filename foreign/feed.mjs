// Replicates a Linked Data Event Stream with ldes-client: {url, order, state, materialize, latest}. Answers with the members
// in the order in which they came, as the quads say them, and how many pages were fetched.
import { replicateLDES } from 'ldes-client'
import { answer, input } from './script.mjs'

const as = 'https://www.w3.org/ns/activitystreams#'
const { url, order = 'none', state, materialize = false, latest = false } = input()
const client = replicateLDES({ url, statePath: state, materialize, lastVersionOnly: latest, noShape: true }, order)

let pages = 0
client.on('fragment', () => pages++)
const members = []
for await (const { id, quads } of client.stream()) {
  const value = (predicate, subject = id.value) => quads.find((q) => q.subject.value === subject && q.predicate.value === predicate)?.object.value
  const about = quads.filter((q) => q.graph.value === id.value)
  members.push({
    id: id.value,
    type: (value('http://www.w3.org/1999/02/22-rdf-syntax-ns#type') ?? '').replace(as, ''),
    object: value(`${as}object`) ?? '',
    published: value(`${as}published`) ?? '',
    title: quads.find((q) => q.predicate.value === 'http://purl.org/dc/terms/title')?.object.value ?? '',
    quads: quads.length,
    about: about.length,
  })
}
answer({ members, pages })
