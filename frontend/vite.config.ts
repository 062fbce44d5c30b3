import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AtRule, Declaration, Plugin as PostcssPlugin, Rule } from 'postcss'
import { defineConfig, type Plugin } from 'vite'

const here = import.meta.dirname

// GraphiQL's style sheet carries fonts and pictures as data: URLs, which default-src 'self' refuses to load.
const withoutDataUrls: PostcssPlugin = {
  postcssPlugin: 'without-data-urls',
  AtRule: { 'font-face': (rule: AtRule) => void (rule.toString().includes('data:') && rule.remove()) },
  Declaration(declaration: Declaration) {
    if (/url\(["']?data:/.test(declaration.value)) declaration.remove()
  },
}

// States and variants of the design system's button that no page of ours has: two thirds of its style sheet.
const unusedVariants = /\.nl-button(--|__)(pressed|positive|negative|busy|disabled|icon-only|subtle|icon-start|icon-end)/
const withoutUnusedVariants: PostcssPlugin = {
  postcssPlugin: 'without-unused-variants',
  Rule(rule: Rule) {
    const used = rule.selectors.filter((selector) => !unusedVariants.test(selector.replace(/:not\([^)]*\)/g, '')))
    if (used.length === 0) rule.remove()
    else if (used.length < rule.selectors.length) rule.selectors = used
  },
}

const persistedDocuments = (): Record<string, string> =>
  JSON.parse(readFileSync(join(here, 'src/graphql/generated/persisted-documents.json'), 'utf8'))

// The generated documents are one module, of which a page would load those of all others too: each gets its own alone.
const generated = /import \{([^}]*)\} from '[./]*graphql\/generated\/graphql'/g
const apart = 'virtual:document/'
const documentsApart: Plugin = {
  name: 'documents-apart',
  enforce: 'pre',
  transform(code, id) {
    if (!id.startsWith(join(here, 'src/'))) return null
    const imports = (names: string) => names.split(',').map((name) => name.trim()).filter((name) => /^\w+Document$/.test(name))
    return { code: code.replace(generated, (_, names: string) => imports(names).map((name) => `import { ${name} } from '${apart}${name}'`).join(';')), map: null }
  },
  resolveId: (id) => (id.startsWith(apart) ? '\0' + id : null),
  load(id) {
    if (!id.startsWith('\0' + apart)) return null
    const name = id.slice(apart.length + 1)
    const operation = new RegExp(`\\b(query|mutation|subscription) ${name.replace(/Document$/, '')}\\b`)
    const [hash] = Object.entries(persistedDocuments()).find(([, text]) => operation.test(text)) ?? []
    if (!hash) throw new Error(`there is no operation for ${name}`)
    return `export const ${name} = { __meta__: { hash: ${JSON.stringify(hash)} } }`
  },
}

// What machines are told of a project stands in the document that the server sent: the browser needs no script for it.
const nothingForMachines: Plugin = {
  name: 'nothing-for-machines',
  enforce: 'pre',
  load: (id) => (id.endsWith('/structured.ts') ? 'export const structured = () => undefined' : null),
}

// The server has to know the documents that pages ask with: hash → text.
const trustedDocuments: Plugin = {
  name: 'trusted-documents',
  closeBundle() {
    const byHash = Object.fromEntries(
      Object.entries(persistedDocuments()).map(([hash, text]) => [hash.replace('sha256:', ''), text]),
    )
    writeFileSync(join(here, 'dist/documents.json'), JSON.stringify(byHash))
  },
}

// Vite lists the licences of scripts; those of style sheets and fonts ask the same.
const licencesOfStyles: Plugin = {
  name: 'licences-of-styles',
  closeBundle() {
    const { dependencies } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'))
    for (const name of Object.keys(dependencies).filter((name) => /-css$|fontsource/.test(name))) {
      const folder = join(here, 'node_modules', name)
      const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      const text = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file))
      const words = text ? readFileSync(join(folder, text), 'utf8') : ''
      appendFileSync(join(here, 'dist/licenses.md'), `\n## ${name} - ${version} (${license})\n\n${words}\n`)
    }
  },
}

export default defineConfig({
  plugins: [documentsApart, nothingForMachines, trustedDocuments, licencesOfStyles],
  resolve: {
    alias: { 'react-style-singleton': join(here, 'src/pages/Api/styleSingleton.ts') },
  },
  css: { postcss: { plugins: [withoutDataUrls, withoutUnusedVariants] } },
  build: {
    // The licences of what is bundled ask that their texts travel with every copy: the binary embeds this file.
    license: { fileName: 'licenses.md' },
    // Small files stay files: inlined they would be data: URLs.
    assetsInlineLimit: 0,
    // Every browser of ours knows modulepreload.
    modulePreload: { polyfill: false },
    // In kB; GraphiQL is one chunk of about this size, fetched when somebody asks for it.
    chunkSizeWarningLimit: 1100,
    // React libraries mark their modules for server components, which mean nothing here.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
  server: { proxy: { '/graphql': 'http://localhost:8080' } },
})
