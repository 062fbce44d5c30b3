import { useState } from 'preact/hooks'
import { Button } from '../ui'
import { Icon } from '../ui/Icon'
import { useWhere } from '../where'

/** Takes a text along, and says whether that worked. */
export function useCopying(text: string): [said: string, copy: () => void] {
  const { t } = useWhere()
  const [said, say] = useState('')
  const copy = () =>
    void navigator.clipboard.writeText(text).then(
      () => say(t.published.copied),
      () => say(t.published.notCopied),
    )
  return [said, copy]
}

/** Text to take along. The button is there where scripts run. */
export function Copyable({ text }: { text: string }) {
  const { t } = useWhere()
  const [said, copy] = useCopying(text)
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
