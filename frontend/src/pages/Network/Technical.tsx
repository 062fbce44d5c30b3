import type { ComponentChildren } from 'preact'
import { useWhere } from '../../where'

/** What the software says of something, in English, for who looks into it. `of` is what it is about. */
export function Technical({ of, children }: { of: string; children: ComponentChildren }) {
  const { t } = useWhere()
  return (
    <details>
      <summary>
        {t.network.technical}
        <span class="plein-hidden">: {of}</span>
      </summary>
      {children}
    </details>
  )
}

/** A sentence of the software. */
export const Said = ({ children }: { children: string }) => (
  <p lang="en" class="plein-said">
    {children}
  </p>
)
