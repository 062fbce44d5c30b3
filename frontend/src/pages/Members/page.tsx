import { useState } from 'preact/hooks'
import { notFound } from '../../features/gone'
import { HandedLink, type Handed } from '../../features/HandedLink'
import { More } from '../../features/More'
import { useDone } from '../../features/Told'
import { PageMembersDocument, type MemberRole, type PageMembersQuery } from '../../graphql/generated/graphql'
import { page } from '../../page'
import { Breadcrumbs, H, P } from '../../ui'
import { useWhere } from '../../where'
import { Invite } from './Invite'
import { Member } from './Member'

type Organization = NonNullable<PageMembersQuery['organization']>

export default page({
  document: PageMembersDocument,
  variables: ({ params, query }) => ({ slug: params.organization, after: query.get('na') }),
  shows: ({ viewer, service, organization }, where) => {
    if (!organization?.members) return notFound(where)
    return {
      title: `${where.t.members.title} – ${organization.name}`,
      hidden: true,
      body: <Members organization={organization} members={organization.members} self={viewer!.id} sendsMail={service.signIn.mail} />,
    }
  },
})

/** Roles that people can have in an organisation: where it is only spoken about they are members. */
function rolesIn({ custody }: Organization): MemberRole[] {
  return custody === 'OWN' ? ['MEMBER', 'AUTHOR', 'COORDINATOR', 'ORG_ADMIN'] : ['MEMBER']
}

interface Lists {
  organization: Organization
  members: NonNullable<Organization['members']>
  /** Who looks at the page. */
  self: string
  sendsMail: boolean
}

function Members({ organization, members, self, sendsMail }: Lists) {
  const { t, path, query } = useWhere()
  const words = t.members
  const [told, done] = useDone()
  const [handed, setHanded] = useState<Handed>()
  const isManager = organization.viewerCan.includes('MANAGE_MEMBERS')
  const roles = rolesIn(organization)
  const after = query.get('na')
  const at = (place: string) => (place ? `${path}?na=${encodeURIComponent(place)}` : path)
  const say = (what: string, link?: Handed) => {
    setHanded(link)
    done(what, at(after ?? ''))
  }
  return (
    <div class="plein-wrap plein-narrow">
      <Breadcrumbs trail={[['/beheer', t.manage.title]]} />
      <H level={1}>{words.title}</H>
      <p class="plein-meta">{organization.name}</p>
      {told}
      <HandedLink of={handed} />
      <P lead>{words.lead}</P>
      <details>
        <summary>{words.rolesTitle}</summary>
        <dl class="plein-facts">
          {roles.map((role) => (
            <div key={role}>
              <dt>{t.person.role[role]}</dt>
              <dd>{words.roles[role]}</dd>
            </div>
          ))}
        </dl>
      </details>
      <H level={2}>{words.count(members.totalCount)}</H>
      {members.nodes.length === 0 && <P>{words.none}</P>}
      <ul class="plein-tasks">
        {members.nodes.map((member) => (
          <li key={member.id}>
            <Member of={member} organization={organization.id} roles={roles} isManager={isManager} isSelf={member.user.id === self} sendsMail={sendsMail} onDone={say} />
          </li>
        ))}
      </ul>
      <More info={members.pageInfo} next={words.more} start={words.first} address={at} />
      {isManager && <Invite organization={organization.id} roles={roles} sendsMail={sendsMail} onDone={say} />}
    </div>
  )
}
