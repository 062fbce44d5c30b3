import { addressOf } from '../../features/searching'
import type { PageProjectQuery } from '../../graphql/generated/graphql'

type Found = NonNullable<NonNullable<PageProjectQuery['address']>['record']>

/** A project as its page has it. */
export type Project = Extract<Found, { __typename: 'Project' }>

/** Path of the feed of what its publisher tells. */
export const feedOf = ({ publisher }: Project): string => addressOf({ chosen: { organisatie: [publisher.id] } }, '/zoeken.atom')
