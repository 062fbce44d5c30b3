import type { ComponentChildren } from 'preact'
import { addressOf, type Search } from '../../features/searching'
import { useWhere } from '../../where'

/** Puts the reader at what was found. */
export function focusResults(): void {
  document.getElementById('gevonden')?.focus()
}

/** A link to another search, which is shown without loading the page anew where that can be. */
export function Here({ to, stay, class: own = 'nl-link', children, ...rest }: { to: Partial<Search>; stay?: boolean; class?: string; children: ComponentChildren; 'aria-current'?: 'true' }) {
  const { href, go } = useWhere()
  const address = href(addressOf(to))
  const onClick = (event: MouseEvent) => {
    if (!go || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    go(address)
    if (!stay) focusResults() // the link may be gone in a moment
  }
  return (
    <a class={own} href={address} onClick={onClick} {...rest}>
      {children}
    </a>
  )
}
