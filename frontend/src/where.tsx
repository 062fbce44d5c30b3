import { createContext } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'
import type { Where } from './page'

const Place = createContext<Where | undefined>(undefined)

/** Gives what is below it its place. */
export const WhereProvider = Place.Provider

/** Where the visitor is, and in which words to speak. */
export function useWhere(): Where {
  const where = useContext(Place)
  if (!where) throw new Error('useWhere outside a page')
  return where
}

/** Whether a script can do something here: false on the server and until the browser took the page over. */
export function useScript(): boolean {
  const [here, setHere] = useState(false)
  useEffect(() => setHere(true), [])
  return here
}
