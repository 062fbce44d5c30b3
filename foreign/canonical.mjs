// Writes JSON texts in canonical form (RFC 8785), as two implementations do.
import canonicalize from 'canonicalize'
import serialize from 'json-canon'
import { answer, input } from './script.mjs'

answer(input().map((text) => [canonicalize(JSON.parse(text)), serialize(JSON.parse(text))]))
