import type { Texts } from '..'
import { getal } from '../vorm'

export const lesson: Texts['lesson'] = {
  all: 'Lessons',
  what: 'A lesson is something that a municipality learned in a data project, in a few sentences. Each lesson belongs to the step of a project in which it helps you.',
  step: 'Step',
  role: 'For whom',
  everyStep: 'All steps',
  everyRole: 'Everybody',
  show: 'Show lessons',
  clear: 'Show all lessons',
  counted: (label: string, n: number) => `${label} (${n})`,
  found: (n: number) => (n === 1 ? '1 lesson' : `${getal(n, 'en')} lessons`),
  none: 'There are no lessons here yet. Choose another step or role, or see all lessons.',
  empty: 'There are no lessons yet. In the projects you read what others did.',
  toProjects: 'See the projects',
  atSteps: 'At',
  next: 'More lessons',
  start: 'Back to the start of the list',
  feed: 'Follow new lessons (Atom)',

  kind: { DO: 'Do this', AVOID: 'Avoid this', OBSERVATION: 'Good to know' },
  context: 'When this matters',
  recommendation: 'What you can do',
  consequence: 'What happens otherwise',
  use: 'Use of this lesson',
  steps: 'At which step you need this',
  stepsText: 'Choose a step to read all lessons for that step.',
  roles: 'For whom',
  projects: 'Learned in',
  otherProjects: (n: number) => (n === 1 ? 'and 1 other project' : `and ${getal(n, 'en')} other projects`),
  review: 'Look at it again',
}
