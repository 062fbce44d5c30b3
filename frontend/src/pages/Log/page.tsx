import { notFound } from '../../features/gone'
import { kindsIn, LogLines } from '../../features/LogLines'
import { PageLogDocument } from '../../graphql/generated/graphql'
import { page } from '../../page'
import { Breadcrumbs, H, P } from '../../ui'
import { history } from '../../taal/nl/history'

export default page({
  document: PageLogDocument,
  variables: (where) => ({ slug: where.params.organization, id: where.params.organization, kinds: kindsIn(where, Object.keys(history.kinds)), after: where.query.get('na') }),
  shows: ({ organization, auditLog }, where) => {
    if (!organization || !auditLog) return notFound(where)
    const words = where.t.manage.log
    return {
      title: `${words.title} – ${organization.name}`,
      hidden: true,
      body: (
        <div class="plein-wrap">
          <Breadcrumbs trail={[['/beheer', where.t.manage.title]]} />
          <H level={1}>{words.title}</H>
          <p class="plein-meta">{organization.name}</p>
          <P lead>{words.lead}</P>
          <LogLines lines={auditLog} />
        </div>
      ),
    }
  },
})
