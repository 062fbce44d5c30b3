import { Notice } from '../ui'
import { useWhere } from '../where'
import { Copyable } from './Copyable'

/** A link for somebody who gets no mail from this node: shown once, to be passed on. */
export interface Handed {
  name: string
  url: string
}

/** The link, and how to pass it on. */
export function HandedLink({ of }: { of: Handed | undefined }) {
  const { t } = useWhere()
  if (!of) return null
  return (
    <Notice title={t.manage.link.title(of.name)}>
      <Copyable key={of.url} text={of.url} />
      <p>{t.manage.link.text}</p>
    </Notice>
  )
}
