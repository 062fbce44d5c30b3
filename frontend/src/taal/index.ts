import type { Language } from '../routes'
import type { nl } from './nl'

/** All words of the interface: the Dutch catalogue is the source, the English one has its shape. */
export type Texts = typeof nl

export { datum, getal, moment, tijd } from './vorm'
export type { Language }
