// Verifies documents with fedify: {base, documents}. Keys come from the DID documents that the proofs name, which are looked
// for at base instead of over https. Answers whether each is accepted, or why it could not be looked at.
import { DataIntegrityProof } from '@fedify/fedify/vocab'
import { verifyProof } from '@fedify/fedify'
import { answer, input } from './script.mjs'

const { base, documents } = input()

/** did:web, as its specification has it: the parts of the identifier are the host and the path. */
async function resolve(did) {
  const [host, ...path] = did.replace(/^did:web:/, '').split(':').map(decodeURIComponent)
  if (host !== new URL(base).host) throw new Error(`${did} is of another host`)
  const response = await fetch(`${base}/${path.length > 0 ? path.join('/') : '.well-known'}/did.json`)
  if (!response.ok) throw new Error(`${did}: ${response.status}`)
  const document = await response.json()
  if (document.id !== did) throw new Error(`${did} is called ${document.id}`)
  return document
}

/** What fedify asks for when it wants the key that a proof names. */
async function documentLoader(method) {
  const document = await resolve(method.replace(/#.*$/, ''))
  if (!document.assertionMethod.includes(method)) throw new Error(`${method} may not say what is published`)
  const described = document.verificationMethod.find(({ id }) => id === method)
  return { documentUrl: method, contextUrl: null, document: { '@context': document['@context'], ...described } }
}

const results = []
for (const document of documents) {
  try {
    const proof = await DataIntegrityProof.fromJsonLd({ ...document.proof, '@context': 'https://w3id.org/security/data-integrity/v1' })
    results.push({ accepted: (await verifyProof(document, proof, { documentLoader })) !== null })
  } catch (error) {
    results.push({ accepted: false, problem: String(error) })
  }
}
answer(results)
