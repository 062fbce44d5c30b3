import type { ComponentChildren } from 'preact'
import { A, H, P } from '../ui'
import { useWhere } from '../where'

/** A page that is not what was asked for, and the ways on. */
export function Fault({ title, children }: { title: string; children: ComponentChildren }) {
  const { t } = useWhere()
  return (
    <div class="plein-wrap plein-narrow">
      <H level={1}>{title}</H>
      <P>{children}</P>
      <ul class="plein-ways">
        <li>
          <A to="/zoeken">{t.fault.search}</A>
        </li>
        <li>
          <A to="/">{t.fault.home}</A>
        </li>
      </ul>
    </div>
  )
}
