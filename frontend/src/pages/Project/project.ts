import { addressOf } from '../../features/searching'
import type { PageProjectQuery, ProjectInFullFragment } from '../../graphql/generated/graphql'

type Found = NonNullable<NonNullable<PageProjectQuery['address']>['record']>

/** A project as its page has it. */
export type Project = Extract<Found, { __typename: 'Project' }>

/** What that page says of the project itself. */
export type InFull = ProjectInFullFragment

/** Path of the feed of what its publisher tells. */
export const feedOf = ({ publisher }: InFull): string => addressOf({ chosen: { organisatie: [publisher.id] } }, '/zoeken.atom')
