import { useEffect, useState } from 'preact/hooks'
import { change } from '../../graphql/ask'
import { AlikeDocument, type AlikeQuery } from '../../graphql/generated/graphql'
import { langOf, pathOf, toneOf } from '../../features/records'
import { A, Badge, H, P } from '../../ui'
import { useWhere } from '../../where'

const patience = 700 // milliseconds without a key before we look
const shortest = 15 // letters: a word or two says too little
const most = 1_000
const mostReasons = 2

/** What others did already that is like this question: perhaps it is answered, perhaps there is a colleague to ask. */
export function Alike({ text, municipality }: { text: string; municipality?: string }) {
  const { t, language } = useWhere()
  const words = t.authoring.new
  const [found, setFound] = useState<AlikeQuery['comparable']['edges']>()
  const asked = text.trim().slice(0, most)
  useEffect(() => {
    if (asked.length < shortest) {
      setFound(undefined)
      return
    }
    const visit = new AbortController()
    const timer = setTimeout(() => {
      change(AlikeDocument, { text: asked, municipality: municipality ?? null }, visit.signal).then(
        ({ data }) => setFound(data?.comparable.edges),
        () => {}, // aborted: there is a later text
      )
    }, patience)
    return () => {
      clearTimeout(timer)
      visit.abort()
    }
  }, [asked, municipality])
  return (
    <section class="plein-alike-box" aria-labelledby="anderen">
      <H level={2} id="anderen">
        {words.others}
      </H>
      <p role="status" class="plein-meta">
        {found === undefined ? words.othersHint : words.othersFound(found.length)}
      </p>
      {found && found.length > 0 && (
        <ul class="plein-items">
          {found.map(({ node, reasons }) => (
            <li key={pathOf(node)}>
              <A to={pathOf(node)} lang={langOf(node, language)} target="_blank">
                {node.title}
                <span class="plein-hidden"> {words.newTab}</span>
              </A>
              <p class="plein-meta">
                {node.publisher.name} <Badge tone={toneOf(node.phase)}>{t.phase[node.phase]}</Badge>
              </p>
              <ul class="plein-ways">
                {reasons
                  .filter((reason) => reason.contribution > 0)
                  .slice(0, mostReasons)
                  .map((reason) => (
                    <li key={reason.text}>{reason.text}</li>
                  ))}
              </ul>
            </li>
          ))}
        </ul>
      )}
      {found && found.length > 0 && <P>{words.othersAsk}</P>}
    </section>
  )
}
