import type { InFullFragment } from '../../graphql/generated/graphql'
import { LessonInFull } from '../../pages/Lesson/InFull'
import { ProjectInFull } from '../../pages/Project/InFull'
import { TemplateInFull } from '../../pages/Template/InFull'
import { useWhere } from '../../where'
import { Published } from '../Published'
import '../../style/publishing.css'

/** A working copy as its page would show it, set apart from the page around it. */
export function InFull({ record }: { record: InFullFragment }) {
  const { t } = useWhere()
  const foot = <Published record={record} isWorkingCopy />
  return (
    <section class="plein-specimen plein-wide" aria-label={t.publishing.page}>
      {record.__typename === 'Project' && <ProjectInFull project={record} level={2} foot={foot} />}
      {record.__typename === 'Lesson' && <LessonInFull lesson={record} level={2} foot={foot} />}
      {record.__typename === 'ProcessTemplate' && (
        <>
          <TemplateInFull template={record} level={2} />
          {foot}
        </>
      )}
    </section>
  )
}
