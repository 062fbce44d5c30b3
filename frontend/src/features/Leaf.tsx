import type { ComponentChildren, JSX } from 'preact'
import { page } from '../page'
import type { Language } from '../routes'
import { H } from '../ui'

/** Prose in one language. */
interface Words {
  title: string
  description: string
  Text: () => JSX.Element
}

/** A page of prose. */
export function leaf(words: Record<Language, Words>) {
  return page<undefined, never>({
    shows: (_, { language }) => {
      const { title, description, Text } = words[language]
      return {
        title,
        description,
        body: (
          <Leaf title={title}>
            <Text />
          </Leaf>
        ),
      }
    },
  })
}

/** Prose below a title. */
export function Leaf({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <article class="plein-wrap plein-narrow plein-leaf">
      <H level={1}>{title}</H>
      {children}
    </article>
  )
}
