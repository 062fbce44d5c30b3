import { useEffect, useState } from 'preact/hooks'
import { Failed } from '../../features/Failed'
import { Whose } from '../../features/Whose'
import { change, type Failure } from '../../graphql/ask'
import { LessonBeginDocument, ProjectBeginDocument, type Language, type LessonKind, type PageNewQuery, type WrongFragment } from '../../graphql/generated/graphql'
import { Button, H, Notice, P } from '../../ui'
import { Errors, errorAt, Field, type FieldError } from '../../ui/Field'
import { useWhere } from '../../where'
import { Alike } from './Alike'

type Organization = NonNullable<PageNewQuery['viewer']>['memberships'][number]['organization']

type What = 'project' | 'lesson'

/** What is filled in here; it stays in this browser until the working copy is made. */
interface Begun {
  what: What
  organization: string
  question: string
  title: string
  kind: LessonKind
  language: Language
  /** Makes one working copy of these words, however often they are sent. */
  key: string
}

const place = 'plein:begun'
const longestTitle = 100

/** The start of something new: what, for whom, and in one's own words. */
export function Beginning({ organizations }: { organizations: Organization[] }) {
  const { t, href } = useWhere()
  const words = t.authoring.new
  const own = organizations.filter((organization) => organization.viewerCan.includes('WRITE'))
  const [begun, setBegun] = useState(() => read(own[0]?.id ?? ''))
  const [errors, setErrors] = useState<FieldError[]>([])
  const [failure, setFailure] = useState<Failure>()
  const [isBusy, setBusy] = useState(false)
  const put = (changes: Partial<Begun>) => setBegun({ ...begun, ...changes, key: crypto.randomUUID() })
  useEffect(() => sessionStorage.setItem(place, JSON.stringify(begun)), [begun])
  if (own.length === 0) return <Nowhere />

  const organization = own.find(({ id }) => id === begun.organization) ?? own[0]
  const begin = async (event: Event) => {
    event.preventDefault()
    const lacking = lacks(begun, words)
    setErrors(lacking)
    setFailure(undefined)
    if (lacking.length > 0 || isBusy) return
    setBusy(true)
    const made = await make({ ...begun, organization: organization.id })
    setBusy(false)
    if (typeof made === 'string') return setFailure(made)
    if (!made.id) return setErrors(made.wrong.map(({ field, message }) => [fields[field?.at(-1) ?? ''], message]))
    sessionStorage.removeItem(place)
    location.assign(href(`/publiceren/${made.id}`))
  }
  return (
    <div class="plein-wrap">
      <H level={1} tabIndex={-1}>
        {words.title}
      </H>
      <div class="plein-columns">
        <form class="plein-authoring" noValidate onSubmit={(event) => void begin(event)}>
          <Errors title={words.wrong} errors={errors} />
          <Failed why={failure} />
          <fieldset class="plein-choices">
            <legend>{words.what}</legend>
            {(['project', 'lesson'] as const).map((what) => (
              <label key={what} class="plein-option">
                <input type="radio" name="soort" checked={begun.what === what} onChange={() => put({ what })} />
                <span>
                  {words.kinds[what]}
                  <small>{words.kindHints[what]}</small>
                </span>
              </label>
            ))}
          </fieldset>
          <Whose own={own} chosen={organization.id} onChoose={(id) => put({ organization: id })} words={words} />
          <Field id="taal" label={words.language}>
            {(props) => (
              <select {...props} value={begun.language} onChange={(e) => put({ language: e.currentTarget.value as Language })}>
                <option value="NL">{t.authoring.languageNames.NL}</option>
                <option value="EN">{t.authoring.languageNames.EN}</option>
              </select>
            )}
          </Field>
          {begun.what === 'project' && (
            <Field id="vraag" label={words.question} hint={words.questionHint} error={errorAt(errors, 'vraag')}>
              {(props) => <textarea {...props} rows={4} maxLength={5_000} value={begun.question} onInput={(e) => put({ question: e.currentTarget.value })} />}
            </Field>
          )}
          <Field id="titel" label={begun.what === 'project' ? words.projectTitle : words.lessonTitle} hint={begun.what === 'project' ? words.projectTitleHint : words.lessonTitleHint} error={errorAt(errors, 'titel')}>
            {(props) => <input {...props} maxLength={300} autocomplete="off" value={begun.title} onInput={(e) => put({ title: e.currentTarget.value })} />}
          </Field>
          <Button type="submit" disabled={isBusy}>
            {words.begin}
          </Button>
          <p class="plein-meta">{words.notPublic}</p>
        </form>
        {begun.what === 'project' && <Alike text={`${begun.question} ${begun.title}`} municipality={organization.municipalities[0]?.code} />}
      </div>
    </div>
  )
}

/** Who may write nowhere: what that is, and whom to ask. */
function Nowhere() {
  const { t } = useWhere()
  const words = t.authoring.new
  return (
    <div class="plein-wrap plein-narrow">
      <H level={1}>{words.title}</H>
      <Notice title={words.nowhere}>
        <P>{words.nowhereText}</P>
      </Notice>
    </div>
  )
}

/** Fields of the page by those of the contract. */
const fields: Record<string, string> = { question: 'vraag', title: 'titel' }

function read(organization: string): Begun {
  const fresh: Begun = { what: 'project', organization, question: '', title: '', kind: 'DO', language: 'NL', key: crypto.randomUUID() }
  try {
    return { ...fresh, ...JSON.parse(sessionStorage.getItem(place) ?? '{}') }
  } catch {
    return fresh
  }
}

function lacks({ what, question, title }: Begun, words: { questionNeeded: string; titleNeeded: string }): FieldError[] {
  if (what === 'project') return question.trim() ? [] : [['vraag', words.questionNeeded]]
  return title.trim() ? [] : [['titel', words.titleNeeded]]
}

async function make({ what, organization, question, title, kind, language, key }: Begun): Promise<Failure | { id?: string; wrong: WrongFragment[] }> {
  const spine = { organization, idempotencyKey: key, contentLanguage: language, title: title.trim() || beginning(question.trim()) }
  const { data, failure } =
    what === 'project'
      ? await change(ProjectBeginDocument, { input: { ...spine, question, policyDomains: [] } })
      : await change(LessonBeginDocument, { input: { ...spine, kind, context: '', recommendation: '', steps: [] } })
  return failure ?? { id: data!.made.record?.id, wrong: data!.made.userErrors }
}

/** The first words of a question, for a title that can follow later. */
function beginning(text: string): string {
  if (text.length <= longestTitle) return text
  return text.slice(0, text.lastIndexOf(' ', longestTitle) > 0 ? text.lastIndexOf(' ', longestTitle) : longestTitle) + '…'
}
