import { notFound } from '../../features/gone'
import { PageProfileDocument } from '../../graphql/generated/graphql'
import { page } from '../../page'
import { Form } from './Form'

export default page({
  document: PageProfileDocument,
  variables: ({ params }) => ({ slug: params.organization }),
  shows: ({ organization }, where) => {
    if (!organization?.viewerCan.includes('UPDATE')) return notFound(where)
    return { title: `${where.t.profile.title} – ${organization.name}`, hidden: true, body: <Form profile={organization} /> }
  },
})
