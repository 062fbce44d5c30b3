import type { Fetcher, FetcherOpts, FetcherParams } from '@graphiql/toolkit'
import {
  buildSchema,
  getOperationAST,
  introspectionFromSchema,
  parse,
  type ExecutionResult,
  type OperationDefinitionNode,
} from 'graphql'
import { createClient, type RequestParams } from 'graphql-sse'

const endpoint = '/graphql'

/** The operation name under which GraphiQL asks the fetcher for the schema. */
export const schemaOperation = 'GraphiQLSchema'

/** Runs what the editor sends: queries and mutations as JSON, subscriptions as server-sent events. */
export const fetcher: Fetcher = (params, options) => {
  if (params.operationName === schemaOperation) return introspect()
  const operation = findOperation(params)
  const request = { query: params.query, variables: params.variables, operationName: operation?.name?.value }
  return operation?.operation === 'subscription' ? subscribe(request, options) : post(request, options)
}

// The introspection query is 15 levels deep, past the server's limit, and cannot be cached; the schema file can.
async function introspect(): Promise<ExecutionResult> {
  const response = await fetch('/graphql/schema.graphql')
  if (!response.ok) throw new Error(`Het schema is niet op te halen (status ${response.status}).`)
  return { data: { ...introspectionFromSchema(buildSchema(await response.text(), { assumeValidSDL: true })) } }
}

// GraphiQL notices a new operation name a moment after the text has changed, so the name may be out of date.
function findOperation({ query, operationName }: FetcherParams): OperationDefinitionNode | null | undefined {
  try {
    const document = parse(query)
    return getOperationAST(document, operationName) ?? getOperationAST(document)
  } catch {
    return null // The server words the syntax error.
  }
}

async function post(request: RequestParams, options?: FetcherOpts): Promise<ExecutionResult> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json', ...options?.headers },
    body: JSON.stringify(request),
  })
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`De server gaf geen antwoord in JSON (status ${response.status}).`)
  }
}

function subscribe(request: RequestParams, options?: FetcherOpts) {
  const client = createClient({ url: endpoint, headers: options?.headers, retryAttempts: 0 })
  return client.iterate<Record<string, unknown>, Record<string, unknown>>(request)
}
