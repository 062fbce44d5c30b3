import { Button, Notice } from '../ui'
import { Field } from '../ui/Field'
import { useWhere } from '../where'

const place = 'fout-melden'

/** What came of a report of a mistake, on top of the page that it leads back to. */
export function Reported() {
  const { t, query } = useWhere()
  const fault = t.mistake.fault[query.get('fout') ?? '']
  if (fault) {
    return (
      <Notice tone="warn" title={t.mistake.failed}>
        <p role="alert">
          <a class="nl-link" href={'#' + place}>{fault}</a>
        </p>
      </Notice>
    )
  }
  if (!query.has('gemeld')) return null
  return (
    <Notice title={t.mistake.thanks}>
      <p role="status">{t.mistake.thanksText}</p>
    </Notice>
  )
}

/** A form to tell the owner of a record of a mistake in it. */
export function ReportMistake({ id }: { id: string }) {
  const { t, href, query } = useWhere()
  const fault = t.mistake.fault[query.get('fout') ?? '']
  return (
    <details class="plein-cite plein-noprint" id={place} open={Boolean(fault)}>
      <summary>{t.mistake.title}</summary>
      <form method="post" action={href('/fout-melden')}>
        <input type="hidden" name="record" value={id} />
        <Field id="melding" label={t.mistake.label} hint={t.mistake.hint} error={fault}>
          {(props) => <textarea {...props} name="message" rows={4} maxLength={2000} required />}
        </Field>
        <Button type="submit" kind="secondary">
          {t.mistake.send}
        </Button>
      </form>
    </details>
  )
}
