// Validates graphs against shapes: {shapes: [[file, …], …], graphs: {name: N-Quads}}. Answers, for each name, with what each
// set of shapes finds.
import { readFileSync } from 'node:fs'
import env from '@zazuko/env'
import { Parser } from 'n3'
import SHACLValidator from 'rdf-validate-shacl'
import { answer, input } from './script.mjs'

const dataset = (texts) => {
  const all = env.dataset()
  for (const text of texts) for (const quad of new Parser().parse(text)) all.add(quad)
  return all
}
const { shapes, graphs } = input()
const validators = shapes.map((files) => new SHACLValidator(dataset(files.map((file) => readFileSync(file, 'utf8'))), { factory: env }))
const name = (term) => term?.value ?? ''
const out = {}
for (const [graph, nquads] of Object.entries(graphs)) {
  const data = dataset([nquads])
  out[graph] = []
  for (const validator of validators) {
    const report = await validator.validate(data)
    out[graph].push({
      conforms: report.conforms,
      results: report.results.map((r) => ({
        focus: name(r.focusNode), path: name(r.path), severity: name(r.severity).split('#')[1], constraint: name(r.sourceConstraintComponent).split('#')[1],
      })),
    })
  }
}
answer(out)
