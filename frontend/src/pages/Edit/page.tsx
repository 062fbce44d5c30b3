import '../../features/authoring/authoring.css'
import { notFound } from '../../features/gone'
import { PageEditDocument } from '../../graphql/generated/graphql'
import { page } from '../../page'
import { Form, sectionIn } from './Form'

export default page({
  document: PageEditDocument,
  variables: ({ params }) => ({ id: params.id }),
  shows: (data, where) => {
    const { draft } = data
    if (!draft) return notFound(where)
    const section = draft.__typename === 'Project' ? sectionIn(where.query) : undefined
    const title = draft.contentLanguage === 'EN' ? draft.titleEn : draft.titleNl
    return {
      title: section ? `${where.t.authoring.sections[section]} – ${title}` : title,
      hidden: true,
      body: <Form key={draft.id} data={data} draft={draft} />,
    }
  },
})
