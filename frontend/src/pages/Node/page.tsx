import { notFound } from '../../features/gone'
import { kindsIn, LogLines } from '../../features/LogLines'
import { Parts } from '../../features/Parts'
import { PageNodeDocument, type PageNodeQuery } from '../../graphql/generated/graphql'
import { page } from '../../page'
import type { Match } from '../../routes'
import { history } from '../../taal/nl/history'
import { Breadcrumbs, H, P } from '../../ui'
import { useWhere } from '../../where'
import { Accounts } from './Accounts'
import { Organizations } from './Organizations'

const parts = ['accounts', 'organisaties', 'logboek'] as const
type Part = (typeof parts)[number]

const partIn = ({ query }: Match): Part => parts.find((part) => part === query.get('deel')) ?? 'accounts'

export default page({
  document: PageNodeDocument,
  variables: (where) => {
    const part = partIn(where)
    const { query } = where
    return {
      accounts: part === 'accounts',
      organizations: part === 'organisaties',
      log: part === 'logboek',
      prefix: query.get('begin')?.trim() || null,
      kinds: kindsIn(where, Object.keys(history.kinds)),
      after: query.get('na'),
    }
  },
  shows: (data, where) => {
    const part = partIn(where)
    if (!data.viewer!.isNodeAdministrator) return notFound(where)
    return { title: `${where.t.node.part[part]} – ${where.t.node.title}`, hidden: true, body: <Node part={part} data={data} /> }
  },
})

function Node({ part, data }: { part: Part; data: PageNodeQuery }) {
  const { t } = useWhere()
  const words = t.node
  const { viewer, service, users, organizations, auditLog } = data
  return (
    <div class={part === 'logboek' ? 'plein-wrap' : 'plein-wrap plein-narrow'}>
      <Breadcrumbs trail={[['/beheer', t.manage.title]]} />
      <H level={1}>{words.title}</H>
      <P lead>{words.lead}</P>
      <Parts label={words.parts} of={parts} at={part} words={words.part} />
      {users && <Accounts users={users} self={viewer!.id} sendsMail={service.signIn.mail} />}
      {organizations && <Organizations list={organizations} isDemo={service.isDemo} />}
      {auditLog && (
        <>
          <H level={2}>{words.part.logboek}</H>
          <P>{words.log.lead}</P>
          <LogLines lines={auditLog} part="logboek" />
        </>
      )}
    </div>
  )
}
