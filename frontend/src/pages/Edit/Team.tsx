import { useState } from 'preact/hooks'
import { offered, useDesk, useValue, useWords } from '../../features/authoring/desk'
import { OrganizationField } from '../../features/authoring/Organization'
import { Adder, Entry, Rows, Selection, Statement, useNew } from '../../features/authoring/Rows'
import type { Contact, Seat } from '../../features/authoring/values'
import { H, P } from '../../ui'

/** Who works in it and who answers questions: functions, never people. */
export function Team() {
  const words = useWords()
  return (
    <>
      <P>{words.noNames}</P>
      <H level={2}>{words.labels.team}</H>
      <Seats />
      <H level={2}>{words.labels.contacts}</H>
      <P>{words.hints.contacts}</P>
      <Contacts />
    </>
  )
}

function Seats() {
  const words = useWords()
  const { labels, hints } = words
  const { lists, copy } = useDesk()
  const seats = useValue<readonly Seat[]>('team')
  const roles = offered(lists.roles, seats.value.map((seat) => seat.role))
  const { row, put, clear } = useNew<Seat>('team', { role: '', organization: null, unit: '', label: '' })
  const [isTried, setTried] = useState(false)
  const nameOf = (id: string) => roles.find((role) => role.id === id)?.label ?? ''
  const add = () => {
    setTried(!row.role)
    if (!row.role) return false
    seats.set([...seats.value, row])
    seats.save()
    clear()
    return true
  }
  const fields = (seat: Seat, change: (changes: Partial<Seat>) => void, id: string, save?: () => void) => (
    <>
      <Entry id={`${id}-functie`} label={labels.function} hint={hints.function} value={seat.label} onType={(label) => change({ label })} onLeave={save} />
      <OrganizationField label={labels.organization} hint={hints.organization} value={seat.organization} onChange={(organization) => change({ organization })} />
      <Entry id={`${id}-afdeling`} label={labels.unit} hint={hints.optional} value={seat.unit} onType={(unit) => change({ unit })} onLeave={save} />
    </>
  )
  const isPublic = copy.record.publicVersion > 0
  return (
    <>
      {isPublic && <P>{words.atOnce}</P>}
      <Rows<Seat> name="team" label={labels.team} titleOf={(seat) => nameOf(seat.role)}>
        {(seat, change, id, save) => (
          <>
            <Selection id={`${id}-rol`} label={labels.role} options={roles} value={seat.role} onType={(role) => change({ ...seat, role })} onLeave={save} />
            {fields(seat, (changes) => change({ ...seat, ...changes }), id, save)}
          </>
        )}
      </Rows>
      <Adder title={words.newSeat} onAdd={add}>
        <Selection id="nieuw-rol" label={labels.role} none={words.choose} options={roles} error={isTried ? words.problems.choose : undefined} value={row.role} onType={(role) => put({ role })} />
        {fields(row, put, 'nieuw')}
      </Adder>
    </>
  )
}

function Contacts() {
  const words = useWords()
  const { labels, hints, problems } = words
  const contacts = useValue<readonly Contact[]>('contacts')
  const { row, put, clear } = useNew<Contact>('contacts', { label: '', email: '', isAmbassador: false, willingToPresent: false })
  const [isTried, setTried] = useState(false)
  const add = () => {
    const label = row.label.trim()
    setTried(!label)
    if (!label) return false
    contacts.set([...contacts.value, { ...row, label }])
    contacts.save()
    clear()
    return true
  }
  const fields = (contact: Contact, change: (changes: Partial<Contact>) => void, id: string, save?: () => void, error?: string) => (
    <>
      <Entry id={`${id}-loket`} label={labels.contactLabel} hint={hints.contactLabel} error={error} value={contact.label} onType={(label) => change({ label })} onLeave={save} />
      <Entry id={`${id}-adres`} type="email" label={labels.contactEmail} hint={hints.contactEmail} value={contact.email} onType={(email) => change({ email: email.trim() })} onLeave={save} />
      <Statement label={labels.isAmbassador} isTrue={contact.isAmbassador} onChange={(isAmbassador) => change({ isAmbassador })} />
      <Statement label={labels.willingToPresent} isTrue={contact.willingToPresent} onChange={(willingToPresent) => change({ willingToPresent })} />
    </>
  )
  return (
    <>
      <Rows<Contact> name="contacts" label={labels.contacts} titleOf={(contact) => contact.label || words.nothing}>
        {(contact, change, id, save) => fields(contact, (changes) => change({ ...contact, ...changes }), id, save)}
      </Rows>
      <Adder title={words.newContact} onAdd={add}>
        {fields(row, put, 'nieuw-contact', undefined, isTried ? problems.contact : undefined)}
      </Adder>
    </>
  )
}
