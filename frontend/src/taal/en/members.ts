/** Who belongs to an organisation. */
export const members = {
  title: 'Members and roles',
  lead: 'Who belongs to the organisation, and who may do what? Invite colleagues, change their role or take them out.',
  rolesTitle: 'What may somebody do in which role?',
  role: 'Role',
  roles: {
    MEMBER: 'Also reads what is for people with an account alone, asks questions and comments.',
    AUTHOR: 'Writes projects and lessons and submits them. May also do everything that a member may.',
    COORDINATOR: 'Reviews, publishes, withdraws, places embargoes and invites guests. May also do everything that an author may.',
    ORG_ADMIN: 'Looks after members, profile and keys, and reads the log. May also do everything that a coordinator may.',
  },
  count: (n: number) => (n === 1 ? 'One member' : `${n} members`),
  none: 'There are no members yet. Invite the first one below. Make at least one person an administrator.',
  states: { INVITED: 'No password yet', ACTIVE: 'Takes part', DISABLED: 'Disabled' },
  self: '(you)',
  seen: (day: string) => `last signed in on ${day}`,
  neverSeen: 'never signed in yet',
  changeRole: 'Change role',
  ownRole: 'This is your own role. If you give yourself a lower role, you cannot turn that back yourself.',
  saveRole: 'Save role',
  roleSet: (name: string, role: string) => `${name} is now ${role}.`,
  remove: 'Remove',
  removeText: 'This person no longer belongs to the organisation then, and cannot reach its working copies any more, at once. What this person wrote stays with the organisation. The account itself stays. You can invite somebody again later.',
  removeSelfText: 'You no longer belong to the organisation then, and cannot reach its working copies any more, at once. Only another administrator can invite you again.',
  removeNow: (name: string) => `Remove ${name} now`,
  removed: (name: string) => `${name} no longer belongs to the organisation.`,
  askAgain: 'Invite again',
  first: 'Back to the beginning',
  more: 'More members',
  invite: 'Invite somebody',
  byMail: 'This person gets an e-mail with a link to choose a password. Who has an account already, gets the role at once.',
  byLink: 'This website sends no e-mail. You get a link to pass on yourself. Who has an account already, gets the role at once.',
  emailHint: 'The work address of this person.',
  name: 'Name (may stay empty)',
  nameHint: 'If you leave this empty, the person fills in a name.',
  membersOnly: 'This organisation is only spoken about here: its people are members, and can be guests in projects of others.',
  inviteNow: 'Invite',
  asked: (email: string, { user, url }: { user: { state: string | null } | null; url: string | null }, sendsMail: boolean): string => {
    if (user?.state === 'ACTIVE') return `${email} had an account already and now belongs to the organisation.`
    if (url) return `${email} was invited. Pass the link below on.`
    return sendsMail ? `${email} was invited and gets an e-mail.` : `${email} was invited and got a link before. Does it no longer work? The administrator of this website can make a new one.`
  },
}
