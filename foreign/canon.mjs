// Reads Turtle with n3 and JSON-LD with jsonld.js, and answers with both as canonical N-Quads (RDFC-1.0):
// {turtle, jsonld} of texts, each of which may be left out.
import { Parser, Writer } from 'n3'
import jsonld from 'jsonld'
import { answer, input } from './script.mjs'

const { turtle, jsonld: document } = input()
const canonical = (value, options) => jsonld.canonize(value, { algorithm: 'RDFC-1.0', format: 'application/n-quads', safe: true, documentLoader: nothing, ...options })
const nothing = (url) => {
  throw new Error(`${url} is to be fetched`)
}
const out = {}
if (turtle !== undefined) {
  const quads = new Writer({ format: 'N-Quads' }).quadsToString(new Parser({ format: 'text/turtle' }).parse(turtle))
  out.turtle = await canonical(quads, { inputFormat: 'application/n-quads' })
}
if (document !== undefined) out.jsonld = await canonical(JSON.parse(document))
answer(out)
