import { useState } from 'preact/hooks'
import '../../features/authoring/authoring.css'
import { findMunicipalities } from '../../features/authoring/find'
import type { Named } from '../../features/authoring/merge'
import { Pick, Picked } from '../../features/authoring/Pick'
import { useDecision } from '../../features/deciding'
import { Failed } from '../../features/Failed'
import { More } from '../../features/More'
import { useDone } from '../../features/Told'
import { OrganizationMakeDocument, type OrganizationKind, type PageNodeQuery } from '../../graphql/generated/graphql'
import { getal } from '../../taal'
import { A, Button, ButtonLink, H, P } from '../../ui'
import { errorAt, Errors, Field } from '../../ui/Field'
import { useWhere } from '../../where'

interface Made {
  name: string
  slug: string
}

/** The organisations that write on this node, and the form for a new one. */
export function Organizations({ list, isDemo }: { list: NonNullable<PageNodeQuery['organizations']>; isDemo: boolean }) {
  const { t, path, language } = useWhere()
  const words = t.node.organizations
  const [told, done] = useDone()
  const [made, setMade] = useState<Made>()
  const at = (after: string) => `${path}?deel=organisaties${after && `&na=${encodeURIComponent(after)}`}`
  const say = (one: Made) => {
    setMade(one)
    done(words.made(one.name), at(''))
  }
  return (
    <section aria-labelledby="organisaties">
      {told}
      {made && (
        <p>
          <ButtonLink to={`/beheer/${made.slug}/leden`} kind="primary">
            {words.inviteFirst(made.name)}
          </ButtonLink>
        </p>
      )}
      <H level={2} id="organisaties">
        {words.count(getal(list.totalCount, language), list.totalCount === 1)}
      </H>
      {list.totalCount === 0 && <P>{words.none}</P>}
      <ul class="plein-tasks">
        {list.nodes.map(({ id, name, slug, kind }) => (
          <li key={id}>
            <div>
              <A to={`/udc/${slug}`}>{name}</A>
              <p class="plein-meta">{t.organization.kinds[kind]}</p>
            </div>
            <A to={`/beheer/${slug}/leden`}>
              {words.members}
              <span class="plein-hidden">: {name}</span>
            </A>
          </li>
        ))}
      </ul>
      <More info={list.pageInfo} next={words.more} start={words.first} address={at} />
      <H level={2}>{words.make}</H>
      {isDemo ? <P>{words.demo}</P> : <Make onMade={say} />}
    </section>
  )
}

/** A short name made of a name, to begin with. */
const slugOf = (name: string): string =>
  name
    .normalize('NFD')
    .toLowerCase()
    .replace(/[\u0300-\u036f'’]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')

function Make({ onMade }: { onMade: (one: Made) => void }) {
  const { t } = useWhere()
  const words = t.node.organizations
  const { errors, failure, isBusy, decide } = useDecision()
  const [name, setName] = useState('')
  const [slug, setSlug] = useState<string>()
  const [kind, setKind] = useState<OrganizationKind>('MUNICIPAL_UDC')
  const [municipalities, setMunicipalities] = useState<Named[]>([])
  const [tooiIri, setTooiIri] = useState('')
  const make = async (event: SubmitEvent) => {
    event.preventDefault()
    const input = { name: name.trim(), slug: (slug ?? slugOf(name)).trim(), kind, municipalities: municipalities.map(({ id }) => id), ...(tooiIri.trim() && { tooiIri: tooiIri.trim() }) }
    const made = await decide(OrganizationMakeDocument, { input }, { name: 'naam', slug: 'kort', kind: 'soort', municipalities: 'gemeenten', tooiIri: 'tooi' })
    if (!made?.organization) return
    setName('')
    setSlug(undefined)
    setMunicipalities([])
    setTooiIri('')
    onMade(made.organization)
  }
  return (
    <form class="plein-form" onSubmit={make}>
      <Failed why={failure} />
      <Errors title={t.account.errors} errors={errors} />
      <Field id="naam" label={words.name} hint={words.nameHint} error={errorAt(errors, 'naam')}>
        {(props) => <input {...props} autocomplete="off" required maxLength={200} value={name} onInput={(e) => setName(e.currentTarget.value)} />}
      </Field>
      <Field id="kort" label={words.slug} hint={words.slugHint} error={errorAt(errors, 'kort')}>
        {(props) => <input {...props} autocomplete="off" required maxLength={100} value={slug ?? slugOf(name)} onInput={(e) => setSlug(e.currentTarget.value)} />}
      </Field>
      <Field id="soort" label={words.kind} error={errorAt(errors, 'soort')}>
        {(props) => (
          <select {...props} value={kind} onChange={(e) => setKind(e.currentTarget.value as OrganizationKind)}>
            {(Object.keys(t.organization.kinds) as OrganizationKind[]).map((one) => (
              <option key={one} value={one}>
                {t.organization.kinds[one]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <div id="gemeenten" tabIndex={-1}>
        <Pick label={words.municipalities} hint={words.municipalitiesHint} error={errorAt(errors, 'gemeenten') as string | undefined} find={findMunicipalities} onPick={(one) => setMunicipalities([...municipalities.filter(({ id }) => id !== one.id), one])} />
        <Picked of={municipalities} label={words.municipalities} onRemove={(one) => setMunicipalities(municipalities.filter(({ id }) => id !== one.id))} />
      </div>
      <Field id="tooi" label={words.tooi} hint={words.tooiHint} error={errorAt(errors, 'tooi')}>
        {(props) => <input {...props} type="text" inputMode="url" autocomplete="off" maxLength={500} value={tooiIri} onInput={(e) => setTooiIri(e.currentTarget.value)} />}
      </Field>
      <Button type="submit" disabled={isBusy}>
        {words.makeNow}
      </Button>
    </form>
  )
}
