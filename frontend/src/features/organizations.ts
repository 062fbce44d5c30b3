import type { OrganizationKind } from '../graphql/generated/graphql'

/** Whether this is a UDC; others are partners and publishers. */
export const isUdc = (kind: OrganizationKind): boolean => kind.endsWith('_UDC')
