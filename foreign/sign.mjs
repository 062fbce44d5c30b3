// Signs something with fedify, and answers with it, the key and the name of the key.
import { exportMultibaseKey, generateCryptoKeyPair, signObject } from '@fedify/fedify'
import { Create, Note } from '@fedify/fedify/vocab'
import { answer } from './script.mjs'

const method = new URL('https://elders.test/p/1#key')
const { publicKey, privateKey } = await generateCryptoKeyPair('Ed25519')
const said = new Create({
  id: new URL('https://elders.test/1'),
  actor: new URL('https://elders.test/p/1'),
  object: new Note({ id: new URL('https://elders.test/2'), content: 'Verkamering “in kaart” – 1 € \u0007 😀' }),
})
const context = ['https://www.w3.org/ns/activitystreams', 'https://w3id.org/security/data-integrity/v1']
const signed = await signObject(said, privateKey, method, { context })
answer({ document: await signed.toJsonLd({ format: 'compact', context }), key: await exportMultibaseKey(publicKey), method: method.href })
