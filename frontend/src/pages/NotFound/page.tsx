import { notFound } from '../../features/gone'
import { page } from '../../page'

export default page<undefined, never>({ shows: (_, where) => notFound(where) })
