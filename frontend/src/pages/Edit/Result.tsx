import { offered, useDesk, useWords } from '../../features/authoring/desk'
import { Choose, Radios, YesNo } from '../../features/authoring/Choices'
import { Many } from '../../features/authoring/Many'
import { Markdown } from '../../features/authoring/Markdown'
import { Day, Line, Lines } from '../../features/authoring/Text'
import { lessonTexts, other, otherLanguage, projectTexts } from '../../features/authoring/values'
import { Notice, P } from '../../ui'
import { useWhere } from '../../where'
import { useLang } from './Subject'

const phases = ['IDEA', 'INTAKE', 'RUNNING', 'ON_HOLD', 'DONE', 'STOPPED'] as const

/** How far it is and what came out, also when that disappoints. */
export function Result() {
  const { t } = useWhere()
  const words = t.authoring
  const { labels, hints } = words
  const { copy, lists } = useDesk()
  const phase = copy.value('phase')
  const lang = useLang()
  return (
    <>
      <Notice>
        <P>{words.everyResult}</P>
      </Notice>
      {copy.record.publicVersion > 0 && <P>{words.atOnce}</P>}
      <Radios name="phase" label={labels.phase} options={phases.map((id) => ({ id, label: t.phase[id] }))} />
      {phase === 'STOPPED' && <Choose name="stopReason" label={labels.stopReason} hint={hints.stopReason} none={words.choose} options={offered(lists.stopReasons, [copy.value('stopReason') as string])} />}
      <Markdown name="answer" label={labels.answer} hint={phase === 'DONE' ? hints.answerNeeded : hints.answer} lang={lang} rows={12} />
      <Day name="startedOn" label={labels.startedOn} hint={hints.optional} />
      <Day name="finishedOn" label={labels.finishedOn} hint={hints.optional} />
    </>
  )
}

/** How the results came or will come out. */
export function Publicity() {
  const { labels, hints } = useWords()
  const { findOrganization } = useDesk()
  return (
    <>
      <YesNo name="pressRelease" label={labels.pressRelease} hint={hints.pressRelease} />
      <Many name="communicationSenders" label={labels.communicationSenders} hint={hints.communicationSenders} find={findOrganization} />
    </>
  )
}

const long = ['occasion', 'answer', 'context', 'recommendation', 'consequence']

/** The texts in the other language. */
export function Translation() {
  const words = useWords()
  const { copy } = useDesk()
  const own = copy.record.contentLanguage
  const lang = otherLanguage(own).toLowerCase()
  const names = copy.record.__typename === 'Lesson' ? lessonTexts : projectTexts
  return (
    <>
      <P>{own === 'EN' ? words.dutchNeeded : words.englishOption}</P>
      {names.map((name) => {
        const naming = { name: other + name, label: `${words.labels[name]} (${words.languageNames[otherLanguage(own)]})`, lang }
        const shown = copy.value(name) as string
        return (
          <div key={name}>
            {long.includes(name) ? <Markdown {...naming} /> : name === 'title' ? <Line {...naming} /> : <Lines {...naming} />}
            {shown && (
              <details class="plein-original">
                <summary>{words.original(words.labels[name])}</summary>
                <p class="plein-diff__line" lang={own.toLowerCase()}>
                  {shown}
                </p>
              </details>
            )}
          </div>
        )
      })}
    </>
  )
}

/** Who may read it, and on which terms. */
export function Readers() {
  const words = useWords()
  const { lists, copy } = useDesk()
  return (
    <>
      <Radios
        name="audience"
        label={words.labels.audience}
        options={[
          { id: 'PUBLIC', label: words.audiences.PUBLIC, hint: words.audienceHints.PUBLIC },
          { id: 'COMMUNITY', label: words.audiences.COMMUNITY, hint: words.audienceHints.COMMUNITY },
        ]}
      />
      <Radios name="license" label={words.labels.license} hint={words.hints.license} options={offered(lists.licenses, [copy.value('license') as string])} />
    </>
  )
}
