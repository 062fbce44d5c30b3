import { useState } from 'preact/hooks'
import type { Outcome } from '../../features/authoring/copy'
import { useDesk } from '../../features/authoring/desk'
import type { Failure } from '../../graphql/ask'
import type { WorkingFragment } from '../../graphql/generated/graphql'

/** Adds or takes away a part of the working copy, after what was typed is saved. What is wrong is by the name of its field, '' for the whole. */
export function usePart() {
  const { copy } = useDesk()
  const [failure, setFailure] = useState<Failure>()
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const act = async (carry: (revision: number) => Promise<Outcome<WorkingFragment>>): Promise<boolean> => {
    const outcome = await copy.perform(carry, true)
    setFailure(outcome.kind === 'failed' ? outcome.why : outcome.kind === 'stale' ? 'unavailable' : undefined)
    setWrong(outcome.kind === 'refused' ? Object.fromEntries(outcome.problems.map(({ key, message }) => [fieldOf(key), message])) : {})
    return outcome.kind === 'saved'
  }
  return { act, failure, wrong }
}

const fields = ['kind', 'title', 'url', 'deliveredOn', 'documentUrl', 'decidedOn', 'body']

function fieldOf(key: string): string {
  const name = key.replace('+', '')
  return fields.includes(name) ? name : ''
}
