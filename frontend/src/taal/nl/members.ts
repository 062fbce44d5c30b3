/** Who belongs to an organisation. */
export const members = {
  title: 'Leden en rollen',
  lead: 'Wie hoort bij de organisatie, en wie mag wat? Nodig collega’s uit, verander hun rol of haal ze eruit.',
  rolesTitle: 'Wat mag iemand in welke rol?',
  role: 'Rol',
  roles: {
    MEMBER: 'Leest ook wat alleen voor mensen met een account is, stelt vragen en reageert.',
    AUTHOR: 'Schrijft projecten en lessen en dient ze in. Mag ook alles wat een lid mag.',
    COORDINATOR: 'Beoordeelt, publiceert, trekt in, plaatst embargo’s en nodigt gasten uit. Mag ook alles wat een auteur mag.',
    ORG_ADMIN: 'Beheert leden, profiel en sleutels, en leest het logboek. Mag ook alles wat een coördinator mag.',
  },
  count: (n: number) => (n === 1 ? 'Eén lid' : `${n} leden`),
  none: 'Er zijn nog geen leden. Nodig hieronder de eerste uit. Maak minstens één iemand beheerder.',
  states: { INVITED: 'Nog geen wachtwoord', ACTIVE: 'Doet mee', DISABLED: 'Uitgezet' },
  self: '(u)',
  seen: (day: string) => `laatst ingelogd op ${day}`,
  neverSeen: 'nog nooit ingelogd',
  changeRole: 'Rol veranderen',
  ownRole: 'Dit is uw eigen rol. Geeft u zichzelf een lagere rol, dan kunt u dat niet zelf terugdraaien.',
  saveRole: 'Rol bewaren',
  roleSet: (name: string, role: string) => `${name} is nu ${role}.`,
  remove: 'Verwijderen',
  removeText: 'Deze persoon hoort dan niet meer bij de organisatie en kan meteen niet meer bij haar werkversies. Wat deze persoon schreef blijft van de organisatie. Het account zelf blijft bestaan. U kunt iemand later opnieuw uitnodigen.',
  removeSelfText: 'U hoort dan niet meer bij de organisatie en kunt meteen niet meer bij haar werkversies. Alleen een andere beheerder kan u opnieuw uitnodigen.',
  removeNow: (name: string) => `${name} nu verwijderen`,
  removed: (name: string) => `${name} hoort niet meer bij de organisatie.`,
  askAgain: 'Opnieuw uitnodigen',
  first: 'Terug naar het begin',
  more: 'Meer leden',
  invite: 'Iemand uitnodigen',
  byMail: 'Deze persoon krijgt een e-mail met een link om een wachtwoord te kiezen. Wie al een account heeft, krijgt meteen de rol.',
  byLink: 'Deze website verstuurt geen e-mail. U krijgt een link die u zelf doorgeeft. Wie al een account heeft, krijgt meteen de rol.',
  emailHint: 'Het werkadres van deze persoon.',
  name: 'Naam (mag leeg blijven)',
  nameHint: 'Laat u dit leeg, dan vult de persoon zelf een naam in.',
  membersOnly: 'Over deze organisatie wordt hier alleen gesproken: haar mensen zijn lid, en kunnen gast zijn in projecten van anderen.',
  inviteNow: 'Uitnodigen',
  asked: (email: string, { user, url }: { user: { state: string | null } | null; url: string | null }, sendsMail: boolean): string => {
    if (user?.state === 'ACTIVE') return `${email} had al een account en hoort nu bij de organisatie.`
    if (url) return `${email} is uitgenodigd. Geef de link hieronder door.`
    return sendsMail ? `${email} is uitgenodigd en krijgt een e-mail.` : `${email} is uitgenodigd en had al een link gekregen. Werkt die niet meer? De beheerder van deze website kan een nieuwe maken.`
  },
}
