import { useRef } from 'preact/hooks'
import { notFound } from '../../features/gone'
import { PageImportDocument } from '../../graphql/generated/graphql'
import { page } from '../../page'
import { Breadcrumbs, H } from '../../ui'
import { useWhere } from '../../where'
import { One } from './One'
import { Start } from './Start'

export default page({
  document: PageImportDocument,
  variables: ({ params }) => ({ slug: params.organization }),
  shows: ({ organization }, where) => {
    if (!organization?.viewerCan.includes('WRITE')) return notFound(where)
    return { title: `${where.t.sheet.title} – ${organization.name}`, hidden: true, body: <Sheets id={organization.id} name={organization.name} /> }
  },
})

/** All imports of an organisation, or the one that the address names. */
function Sheets({ id, name }: { id: string; name: string }) {
  const { t, path, query } = useWhere()
  const one = query.get('import')
  const wasSent = useRef(false)
  return (
    <div class="plein-wrap plein-narrow">
      <Breadcrumbs
        trail={[
          ['/beheer', t.manage.title],
          ...(one ? [[path, t.sheet.title] as [string, string]] : []),
        ]}
      />
      <H level={1}>{t.sheet.title}</H>
      <p class="plein-meta">{name}</p>
      {one ? <One key={one} id={one} takesFocus={wasSent.current} /> : <Start organization={id} onSent={() => (wasSent.current = true)} />}
    </div>
  )
}
