import { A, H, P } from '../../ui'
import { Icon } from '../../ui/Icon'
import { useWhere } from '../../where'
import { feedOf, type InFull } from './project'

/** Whom to ask, by function, and what else a reader can do. */
export function Contacts({ project }: { project: InFull }) {
  const { t, href } = useWhere()
  const p = t.project
  const { contacts, publisher } = project
  const address = contacts.find((c) => c.email)?.email ?? publisher.contactEmail
  return (
    <section class="plein-contact" aria-labelledby="contact">
      <H level={2} id="contact">
        {p.contact}
      </H>
      {contacts.length > 0 ? (
        <ul class="plein-bare">
          {contacts.map((c, i) => (
            <li key={i}>
              <strong>{c.label}</strong>
              {c.email && (
                <>
                  <br />
                  <A href={`mailto:${c.email}`}>{c.email}</A>
                </>
              )}
              {c.isAmbassador && (
                <>
                  <br />
                  {p.ambassador}
                </>
              )}
              {c.willingToPresent && (
                <>
                  <br />
                  {p.present}
                </>
              )}
            </li>
          ))}
        </ul>
      ) : (
        <P>
          <A to={`/udc/${publisher.slug}`}>{publisher.name}</A>
        </P>
      )}
      <ul class="plein-bare plein-noprint">
        {address && (
          <li>
            <A href={`mailto:${address}?subject=${encodeURIComponent(p.faultSubject(project.title))}`}>{p.fault}</A>
          </li>
        )}
        <li>
          <a class="nl-link" href={href(feedOf(project))}>
            <Icon name="feed" /> {p.follow(publisher.name)}
          </a>
        </li>
      </ul>
    </section>
  )
}
