// Builds a schema of its text with graphql.js, and answers what is wrong with it and what its types are.
import { buildSchema, validateSchema } from 'graphql'
import { answer, input } from './script.mjs'

const schema = buildSchema(input())
answer({ problems: validateSchema(schema).map(String), types: Object.keys(schema.getTypeMap()) })
