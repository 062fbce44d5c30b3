import type { View, Where } from '../page'
import { datum } from '../taal'
import { Fault } from './Fault'

/** The page for an address with nothing to see. */
export function notFound({ t }: Where): View {
  return { status: 404, title: t.fault.notFound.title, hidden: true, body: <Fault title={t.fault.notFound.title}>{t.fault.notFound.text}</Fault> }
}

/** The page for what was withdrawn. */
export function gone(tombstone: { title: string | null; reason: string; at: string }, { t, language }: Where): View {
  const title = t.fault.gone.title(tombstone.title ?? '')
  return {
    status: 410,
    title,
    hidden: true,
    body: (
      <Fault title={title}>
        {t.fault.gone.on(datum(tombstone.at, language))} {t.fault.gone.text}
        <br />
        {t.fault.gone.reason}: {tombstone.reason}
      </Fault>
    ),
  }
}
