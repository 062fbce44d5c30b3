import { useState } from 'preact/hooks'
import { HandedLink, type Handed } from '../../features/HandedLink'
import { More } from '../../features/More'
import { useDone } from '../../features/Told'
import type { PageNodeQuery } from '../../graphql/generated/graphql'
import { getal } from '../../taal'
import { A, Button, H, P } from '../../ui'
import { Field } from '../../ui/Field'
import { useWhere } from '../../where'
import { Account } from './Account'

/** The accounts of this node. */
export function Accounts({ users, self, sendsMail }: { users: NonNullable<PageNodeQuery['users']>; self: string; sendsMail: boolean }) {
  const { t, path, query, href, language } = useWhere()
  const words = t.node.accounts
  const [told, done] = useDone()
  const [handed, setHanded] = useState<Handed>()
  const begin = query.get('begin')?.trim() ?? ''
  const at = (after: string) => {
    const next = new URLSearchParams()
    if (begin) next.set('begin', begin)
    if (after) next.set('na', after)
    return next.size > 0 ? `${path}?${next}` : path
  }
  const say = (what: string, link?: Handed) => {
    setHanded(link)
    done(what, at(query.get('na') ?? ''))
  }
  return (
    <section aria-labelledby="accounts">
      {told}
      <HandedLink of={handed} />
      <form action={href(path)} class="plein-form">
        <Field id="begin" label={words.search}>
          {(props) => (
            <div class="plein-field__row">
              <input {...props} name="begin" type="search" autocomplete="off" maxLength={100} defaultValue={begin} />
              <Button type="submit" kind="secondary">
                {words.button}
              </Button>
            </div>
          )}
        </Field>
      </form>
      <H level={2} id="accounts">
        {words.count(getal(users.totalCount, language), users.totalCount === 1)}
      </H>
      {users.nodes.length === 0 && <P>{words.none}</P>}
      {begin && (
        <p>
          <A to={path}>{words.all}</A>
        </p>
      )}
      <ul class="plein-tasks">
        {users.nodes.map((user) => (
          <li key={user.id}>
            <Account of={user} isSelf={user.id === self} sendsMail={sendsMail} onDone={say} />
          </li>
        ))}
      </ul>
      <More info={users.pageInfo} next={words.more} start={words.first} address={at} />
      <P>
        {words.how} <A to={`${path}?deel=organisaties`}>{t.node.part.organisaties}</A>
      </P>
    </section>
  )
}
