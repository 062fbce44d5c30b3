import { useState } from 'preact/hooks'
import { Button } from '../ui'
import { Icon } from '../ui/Icon'
import { useWhere } from '../where'

/** Text to take along. The button is there where scripts run. */
export function Copyable({ text }: { text: string }) {
  const { t } = useWhere()
  const [said, say] = useState('')
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => say(t.published.copied),
      () => say(t.published.notCopied),
    )
  return (
    <>
      <p class="plein-copyable">{text}</p>
      <p class="plein-scripted">
        <Button type="button" kind="secondary" onClick={copy}>
          <Icon name="copy" />
          {t.published.copy}
        </Button>{' '}
        <span role="status">{said}</span>
      </p>
    </>
  )
}
