import { useEffect } from 'react'

// Stands in for the package react-style-singleton, through which GraphiQL's dialogs lock scrolling. The package adds a
// <style> element, which the content security policy refuses; a constructed style sheet it allows.

/** A component that applies its styles while at least one of it is mounted; the first one's styles count. */
export function styleSingleton() {
  const sheet = new CSSStyleSheet()
  let mounted = 0

  return function Style({ styles }: { styles: string }) {
    useEffect(() => {
      if (mounted++ === 0) {
        sheet.replaceSync(styles)
        document.adoptedStyleSheets.push(sheet)
      }
      return () => {
        if (--mounted > 0) return
        document.adoptedStyleSheets = document.adoptedStyleSheets.filter((adopted) => adopted !== sheet)
      }
    }, [])
    return null
  }
}
