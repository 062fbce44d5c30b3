import type { ComponentChildren } from 'preact'
import type { TypedDocumentString } from './graphql/generated/graphql'
import type { Language, Match } from './routes'
import type { Texts } from './taal'

/** What is the same on every page of this node. */
export interface Site {
  /** Where the node is found, without a slash at the end. */
  base: string
  /** Whether everything in it is invented. */
  demo: boolean
}

/** Where the visitor is, in which language, and with which words. */
export interface Where extends Match {
  site: Site
  t: Texts
  /** The address of a Dutch path in the language of this page. */
  href: (path: string, language?: Language) => string
  /** Goes to an address without loading the page anew; undefined where there is no browser. */
  go?: (url: string) => void
}

/** A page as it is shown. */
export interface View {
  /** 200 unless it says otherwise. */
  status?: 200 | 400 | 404 | 410 | 503
  /** Moved for good: path of a page, without the language. */
  location?: string
  /** Title of the document, without the name of the site. */
  title: string
  description?: string
  /** The page's own path and query; its address without the query unless it says otherwise. */
  canonical?: string
  /** Where the original is, of a page about a copy. */
  original?: string
  /** Id of the record that the page is about. */
  record?: string
  /** Not for search engines. */
  hidden?: boolean
  /** Path of the Atom feed of what is listed here. */
  feed?: string
  /** schema.org. */
  jsonLd?: object
  body: ComponentChildren
}

/** A page: what it asks, and what it makes of the answer. */
export interface Page<Data = any, Variables = any> {
  document?: TypedDocumentString<Data, Variables>
  variables?: (where: Match) => Variables
  shows: (data: Data, where: Where) => View
}

/** Only there for its types. */
export function page<Data, Variables>(p: Page<Data, Variables>): Page<Data, Variables> {
  return p
}

/** An answer to an operation. */
export interface Result {
  data?: unknown
  errors?: { message: string; extensions?: { code?: string } }[]
}

/** The operations of a page, by the hash of their document. */
export function asks(p: Page, where: Match): { hash: string; variables: unknown }[] {
  return p.document ? [{ hash: hashOf(p.document), variables: p.variables?.(where) ?? {} }] : []
}

/** The SHA-256 of a document, by which the server knows it. */
export function hashOf(document: TypedDocumentString<any, any>): string {
  return String(document.__meta__?.hash).replace('sha256:', '')
}
