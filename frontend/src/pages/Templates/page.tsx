import { Card } from '../../features/Card'
import { More } from '../../features/More'
import { RecordLink } from '../../features/RecordLink'
import { addressOf } from '../../features/searching'
import { PageTemplatesDocument, type PageTemplatesQuery } from '../../graphql/generated/graphql'
import { page } from '../../page'
import { A, H, P } from '../../ui'
import { useWhere } from '../../where'

export default page({
  document: PageTemplatesDocument,
  variables: ({ query }) => ({ after: query.get('na')?.slice(0, 500) || null }),
  shows: ({ processTemplates: { nodes, pageInfo } }, { t }) => ({
    title: t.template.all,
    description: t.template.what,
    feed: addressOf({ chosen: { soort: ['PROCESS_TEMPLATE'] } }, '/zoeken.atom'),
    body: (
      <div class="plein-wrap">
        <H level={1}>{t.template.all}</H>
        <P lead>{t.template.what}</P>
        {nodes.length === 0 ? (
          <P>
            {t.template.none} <A to="/projecten">{t.template.toProjects}</A>
          </P>
        ) : (
          <ul class="plein-cards">
            {nodes.map((template) => (
              <li key={template.id}>
                <Card record={template} level={2}>
                  <About template={template} />
                </Card>
              </li>
            ))}
          </ul>
        )}
        <More info={pageInfo} next={t.template.next} start={t.template.start} address={(after) => '/sjablonen' + (after && '?na=' + encodeURIComponent(after))} />
      </div>
    ),
  }),
})

function About({ template }: { template: PageTemplatesQuery['processTemplates']['nodes'][number] }) {
  const { t } = useWhere()
  const { steps, number, usedBy, forkedFrom } = template
  return (
    <>
      <p>
        {steps.length > 0 && <strong>{t.template.stepCount(steps.length)}</strong>}
        {number && ` · ${t.template.version(number)}`}
        {usedBy.totalCount > 0 && ` · ${t.template.projectCount(usedBy.totalCount)}`}
      </p>
      {forkedFrom?.template && (
        <p>
          {t.template.forkedInShort} <RecordLink record={forkedFrom.template} /> {t.template.of} {forkedFrom.template.publisher.name}
        </p>
      )}
    </>
  )
}
