import type { Texts } from '..'

export const person: Texts['person'] = {
  label: 'Your account',
  signOut: 'Sign out',
  state: {
    DRAFT: 'Working copy',
    IN_REVIEW: 'In review',
    CHANGES_REQUESTED: 'To be changed',
    PUBLISHED: 'Public',
    ARCHIVED: 'No longer kept up',
    WITHDRAWN: 'Withdrawn',
  },
  role: { MEMBER: 'member', AUTHOR: 'author', COORDINATOR: 'coordinator', ORG_ADMIN: 'administrator' },
  record: {
    label: 'Keep up this description',
    edit: 'Edit',
    review: 'Review',
    embargo: 'Embargo',
    share: 'Let somebody read along',
    history: 'History',
    community: 'Only people with an account on this website read this.',
    repeat: 'Repeat this project',
    reuses: 'Who repeated this?',
    withdraw: 'Archive or withdraw',
  },
  waiting: {
    title: 'One moment',
    text: 'The page is being put together.',
    noscript: 'This part of Plein needs JavaScript',
    noscriptText: 'Turn on JavaScript to work with your own projects. Searching and reading on Plein also works without it.',
  },
  failed: {
    title: 'This was not saved',
    signedOut: 'You are no longer signed in. Leave this page open, sign in, and then try again here. What you filled in stays.',
    signIn: 'Sign in in a new tab',
    forbidden: 'You may not do this. Perhaps your role has changed. Ask whoever manages your organisation.',
    tooOften: 'You did this too often. Wait a moment and try again. What you filled in stays.',
    unavailable: 'Plein cannot be reached right now. Check your connection and try again. What you filled in stays.',
    stale: 'Somebody else changed this meanwhile. Below is how it is now. Read it again before you decide.',
  },
}
