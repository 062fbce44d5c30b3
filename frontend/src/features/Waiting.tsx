import type { View, Where } from '../page'
import { H, P } from '../ui'

/** What stands in a signed-in page until the browser has made it. */
export function waiting({ t }: Where): View {
  return {
    title: t.person.waiting.title,
    hidden: true,
    body: (
      <div class="plein-wrap plein-narrow">
        <p class="plein-waiting" role="status">
          {t.person.waiting.text}
        </p>
        <noscript>
          <H level={1}>{t.person.waiting.noscript}</H>
          <P>{t.person.waiting.noscriptText}</P>
        </noscript>
      </div>
    ),
  }
}
