import type { Result } from '../page'
import type { Language } from '../routes'

/** Asks one of the documents that the server knows. An answer that does not come is an answer without data. */
export async function ask(hash: string, variables: unknown, language: Language, signal?: AbortSignal): Promise<Result> {
  const query = new URLSearchParams({
    variables: JSON.stringify(variables),
    extensions: JSON.stringify({ persistedQuery: { version: 1, sha256Hash: hash } }),
  })
  const response = await fetch(`/graphql?${query}`, {
    headers: { accept: 'application/json', 'accept-language': language },
    signal,
  })
  return (await response.json()) as Result
}
