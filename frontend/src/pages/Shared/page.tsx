import { Fault } from '../../features/Fault'
import { InFull } from '../../features/publishing/InFull'
import { PageSharedDocument, type PageSharedQuery } from '../../graphql/generated/graphql'
import { page } from '../../page'
import { datum, tijd } from '../../taal'
import { A, H, Notice } from '../../ui'
import { useWhere } from '../../where'

type Given = NonNullable<PageSharedQuery['sharedDraft']>

export default page({
  document: PageSharedDocument,
  variables: ({ params }) => ({ secret: params.secret }),
  shows: ({ sharedDraft }, { t }) => {
    const words = t.publishing.shared
    if (!sharedDraft) return { status: 404, title: words.unknown, hidden: true, body: <Fault title={words.unknown}>{words.unknownText}</Fault> }
    return { title: words.title(sharedDraft.record.title), hidden: true, body: <Shared given={sharedDraft} /> }
  },
})

function Shared({ given: { record, expiresAt } }: { given: Given }) {
  const { t, language } = useWhere()
  const words = t.publishing.shared
  return (
    <div class="plein-wrap">
      <H level={1}>{words.heading}</H>
      <Notice tone="warn" title={words.until(datum(expiresAt, language), tijd(expiresAt))}>
        <p>{words.text}</p>
        <p>
          {words.feedback} <Contact record={record} />
        </p>
      </Notice>
      <InFull record={record} />
    </div>
  )
}

/** Whom to tell what one thinks of it, by function. */
function Contact({ record }: { record: Given['record'] }) {
  const { t } = useWhere()
  const words = t.publishing.shared
  const contact = 'contacts' in record ? record.contacts.find(({ email }) => email) : undefined
  const email = contact?.email ?? record.publisher.contactEmail
  if (!email) return <>{words.byPublisher(record.publisher.name)}</>
  return (
    <>
      {contact?.label ?? record.publisher.name}, <A href={`mailto:${email}?subject=${encodeURIComponent(words.title(record.title))}`}>{email}</A>.
    </>
  )
}
