import type { NamedFragment } from '../graphql/generated/graphql'
import { A } from '../ui'
import { useWhere } from '../where'
import { langOf, pathOf } from './records'

/** A link to a record, in the language of its title. */
export function RecordLink({ record }: { record: NamedFragment }) {
  const { language } = useWhere()
  return (
    <A to={pathOf(record)} lang={langOf(record, language)}>
      {record.title}
    </A>
  )
}
