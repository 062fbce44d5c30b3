import { More } from '../../features/More'
import type { PageNetworkQuery } from '../../graphql/generated/graphql'
import { datum, getal, tijd } from '../../taal'
import { Facts, H, P } from '../../ui'
import { useWhere } from '../../where'
import { Said, Technical } from './Technical'

type Quarantine = NonNullable<PageNetworkQuery['federation']['quarantine']>

/** What others sent and was not taken in, and why. */
export function Aside({ list: { nodes, totalCount, pageInfo } }: { list: Quarantine }) {
  const { t, path, language } = useWhere()
  const words = t.network.aside
  return (
    <section aria-labelledby="apart">
      <H level={2} id="apart">
        {words.count(totalCount, getal(totalCount, language))}
      </H>
      <P>{totalCount === 0 ? words.none : words.text}</P>
      <ul class="plein-peers">
        {nodes.map(({ id, publisher, peer, epoch, seq, object, reason, detail, at }) => (
          <li key={id}>
            <H level={3}>{words.reasons[reason] ?? words.otherReason}</H>
            <p class="plein-meta">
              {[publisher?.name, t.network.at(datum(at, language), tijd(at))].filter(Boolean).join(' · ')}
            </p>
            <P>{words.todo[reason] ?? words.otherTodo}</P>
            <details>
              <summary>
                {words.more}
                <span class="plein-hidden">: {object}</span>
              </summary>
              <Facts
                facts={[
                  [words.object, object],
                  [words.through, peer?.name],
                ]}
              />
            </details>
            <Technical of={object}>
              <Facts
                facts={[
                  [words.place, epoch > 0 ? words.seqInEpoch(seq, epoch) : words.seq(seq)],
                  [words.code, <code>{reason}</code>],
                ]}
              />
              <Said>{detail}</Said>
            </Technical>
          </li>
        ))}
      </ul>
      <More info={pageInfo} next={words.next} start={words.first} address={(after) => `${path}?deel=apart${after && `&na=${encodeURIComponent(after)}`}`} />
    </section>
  )
}
