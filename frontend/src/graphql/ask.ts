import { hashOf, type Result } from '../page'
import type { Language } from '../routes'
import type { TypedDocumentString } from './generated/graphql'

/** The name by which the server knows a document. */
const known = (hash: string) => ({ persistedQuery: { version: 1, sha256Hash: hash } })

/**
 * Asks one of the documents that the server knows, as a stranger: with GET the server does not look at cookies, for a page
 * is the same for everybody, whoever rendered it. An answer that does not come is an answer without data.
 */
export async function ask(hash: string, variables: unknown, language: Language, signal?: AbortSignal): Promise<Result> {
  const query = new URLSearchParams({ variables: JSON.stringify(variables), extensions: JSON.stringify(known(hash)) })
  const response = await fetch(`/graphql?${query}`, {
    headers: { accept: 'application/json', 'accept-language': language },
    signal,
  })
  return (await response.json()) as Result
}

// Goes on when the page is left, so that the last thing typed is saved. Browsers do so for 64 KiB at a time, in UTF-8.
const mostKeptAlive = 15_000

/** The same as who signed in: with POST the cookie counts. Nothing of it stands in an address, and nothing of it is kept by a browser. */
export async function askAsPerson(hash: string, variables: unknown, language: string, signal?: AbortSignal): Promise<Result> {
  const body = JSON.stringify({ variables, extensions: known(hash) })
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json', 'accept-language': language },
    body,
    keepalive: body.length < mostKeptAlive,
    signal,
  })
  return (await response.json()) as Result
}

/** Whether an answer shows that nobody is signed in (any more). */
export function isSignedOut({ data, errors }: Result): boolean {
  if (errors?.length) return errors[0].extensions?.code === 'UNAUTHENTICATED'
  return (data as { viewer?: unknown } | undefined)?.viewer === null
}

/** Why an operation of who signed in has no answer: nobody is signed in any more, they may not, it was too often, or something did not work. */
export type Failure = 'signedOut' | 'forbidden' | 'tooOften' | 'unavailable'

/** An answer, or why there is none. */
export type Answer<Data> = { data: Data; failure?: undefined } | { data?: undefined; failure: Failure }

const failures: Record<string, Failure> = { UNAUTHENTICATED: 'signedOut', FORBIDDEN: 'forbidden', RATE_LIMITED: 'tooOften' }

/**
 * Carries out a mutation, or another query of a page, as who signed in and in the language of the page. What the person
 * can correct is in the data, as userErrors; show a failure with <Failed>. It throws an AbortError when it is aborted,
 * and nothing else.
 */
export async function change<Data, Variables>(
  operation: TypedDocumentString<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Answer<Data>> {
  try {
    const result = await askAsPerson(hashOf(operation), variables, document.documentElement.lang, signal)
    if (isSignedOut(result)) return { failure: 'signedOut' }
    if (result.data) return { data: result.data as Data }
    return { failure: failures[String(result.errors?.[0]?.extensions?.code)] ?? 'unavailable' }
  } catch (error) {
    if (signal?.aborted) throw error
    return { failure: 'unavailable' }
  }
}
