import { useState } from 'preact/hooks'
import { change, type Failure } from '../graphql/ask'
import type { TypedDocumentString, WrongFragment } from '../graphql/generated/graphql'
import type { FieldError } from '../ui/Field'

/** What a mutation that decides something answers. */
interface Done {
  done: { userErrors: WrongFragment[] }
}

/** The way to decide something about a record: sends it, and keeps what was wrong. Where somebody else changed the record meanwhile, `stale` shows it anew. */
export function useDecision(stale?: () => void): { errors: FieldError[]; failure: Failure | undefined; isBusy: boolean; decide: <Data extends Done, Variables>(operation: TypedDocumentString<Data, Variables>, variables: Variables, fields?: Record<string, string>) => Promise<Data['done'] | undefined> } {
  const [failure, setFailure] = useState<Failure>()
  const [errors, setErrors] = useState<FieldError[]>([])
  const [isBusy, setBusy] = useState(false)
  const decide = async <Data extends Done, Variables>(operation: TypedDocumentString<Data, Variables>, variables: Variables, fields: Record<string, string> = {}) => {
    setBusy(true)
    const answer = await change(operation, variables)
    setBusy(false)
    setFailure(answer.failure)
    const wrong = answer.data?.done.userErrors ?? []
    if (stale && wrong.some(({ code }) => code === 'STALE_REVISION')) {
      setErrors([])
      stale()
      return undefined
    }
    setErrors(wrong.map(({ field, message }) => [fields[field?.[field.length - 1] ?? ''], message]))
    return answer.data && wrong.length === 0 ? answer.data.done : undefined
  }
  return { errors, failure, isBusy, decide }
}
