import { useDone } from '../../features/Told'
import { KeyRotateDocument, KeysClaimDocument, type PageNetworkQuery } from '../../graphql/generated/graphql'
import { datum, getal } from '../../taal'
import { A, Facts, H, Notice, P } from '../../ui'
import { useWhere } from '../../where'
import { Certain } from './Certain'
import { Fingerprint } from './Fingerprint'

type Federation = PageNetworkQuery['federation']
type Key = NonNullable<Federation['keys']>[number]

/** What this node is called, and with which keys it signs: what another administrator asks for. */
export function Keys({ self, keys }: { self: Federation['self']; keys: Key[] }) {
  const { t, path, language } = useWhere()
  const words = t.network.keys
  const [told, done] = useDone()
  return (
    <section aria-labelledby="sleutels">
      {told}
      <H level={2} id="sleutels">
        {words.title}
      </H>
      <Facts
        facts={[
          [words.name, self.name],
          [words.address, <A href={self.baseUrl}>{self.baseUrl}</A>],
          [words.records, getal(self.recordCount, language)],
        ]}
      />
      <H level={2}>{words.fingerprints}</H>
      {keys.length === 0 ? (
        <>
          <P>{words.none}</P>
          <p>
            <A to="/beheer/node?deel=organisaties">{words.organizations}</A>
          </p>
        </>
      ) : (
        <P>{words.text}</P>
      )}
      <ul class="plein-peers">
        {keys.map((key) => (
          <li key={key.organization.id}>
            <Signing of={key} onRotated={(name) => done(words.rotated(name), `${path}?deel=sleutels`)} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The key of one organisation. */
function Signing({ of: { organization, fingerprint, createdAt, previous, isElsewhere }, onRotated }: { of: Key; onRotated: (name: string) => void }) {
  const { t, language } = useWhere()
  const words = t.network.keys
  const { id, name, slug } = organization
  return (
    <>
      <H level={3}>
        <A to={`/udc/${slug}`}>{name}</A>
      </H>
      <Fingerprint of={name} text={fingerprint} />
      <p class="plein-meta">
        {words.since(datum(createdAt, language))}
        {previous > 0 && ` · ${words.previous(previous)}`}
      </p>
      {!isElsewhere && (
        <details>
          <summary>
            {words.rotate}
            <span class="plein-hidden">: {name}</span>
          </summary>
          <Certain
            id={`${id}-zeker`}
            warning={words.rotateText}
            sure={words.rotateSure}
            carry={async (decide) => {
              if (await decide(KeyRotateDocument, { input: { organization: id } })) onRotated(name)
            }}
          >
            {words.rotateNow}
          </Certain>
        </details>
      )}
    </>
  )
}

/** That these data were copied or moved, and the way to say that this is the node that goes on. */
export function Copied({ onClaimed }: { onClaimed: (what: string) => void }) {
  const { t } = useWhere()
  const words = t.network.copied
  return (
    <Notice tone="warn" title={words.title}>
      <P>{words.text}</P>
      <Certain
        id="enige"
        warning={words.question}
        sure={words.sure}
        carry={async (decide) => {
          if (await decide(KeysClaimDocument, { input: { isOnlyOne: true } })) onClaimed(words.claimed)
        }}
      >
        {words.claim}
      </Certain>
    </Notice>
  )
}
