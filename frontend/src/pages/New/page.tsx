import '../../features/authoring/authoring.css'
import { PageNewDocument } from '../../graphql/generated/graphql'
import { page } from '../../page'
import { Beginning } from './Beginning'

export default page({
  document: PageNewDocument,
  shows: (data, { t }) => ({ title: t.authoring.new.title, hidden: true, body: <Beginning organizations={data.viewer?.memberships.map((m) => m.organization) ?? []} /> }),
})
