import { useCopying } from '../../features/Copyable'
import { Icon } from '../../ui/Icon'
import { useWhere } from '../../where'

/** A fingerprint in groups of four, to read aloud and to take along. `of` is whose it is. */
export function Fingerprint({ of, text }: { of: string; text: string }) {
  const { t } = useWhere()
  const [said, copy] = useCopying(text)
  return (
    <div class="plein-fingerprint">
      <Groups of={text} />
      <button type="button" class="plein-link" onClick={copy}>
        <Icon name="copy" /> {t.published.copy}
        <span class="plein-hidden">: {t.network.fingerprintOf(of)}</span>
      </button>
      <span role="status">{said}</span>
    </div>
  )
}

/** The groups of a fingerprint, to be compared by eye and by ear. */
export const Groups = ({ of }: { of: string }) => (
  <code>
    {of.split(' ').map((group, i) => (
      <span key={i}>{group} </span>
    ))}
  </code>
)
