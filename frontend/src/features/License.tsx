import { A } from '../ui'
import { useWhere } from '../where'

const texts: Record<string, string> = {
  'cc-by-4.0': 'https://creativecommons.org/licenses/by/4.0/',
  'cc0-1.0': 'https://creativecommons.org/publicdomain/zero/1.0/',
}

/** Where the text of a licence is; undefined for one without. */
export const licenseUrl = (notation: string): string | undefined => texts[notation]

/** A licence, with the way to what it allows. */
export function License({ of }: { of: { label: string; notation: string } }) {
  const { language } = useWhere()
  const url = licenseUrl(of.notation)
  return url ? (
    <A href={`${url}deed.${language}`} rel="license">
      {of.label}
    </A>
  ) : (
    <>{of.label}</>
  )
}
