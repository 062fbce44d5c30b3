import { defineConfig, type Plugin } from 'vite'
import { routes } from './src/routes.ts'

// What is loaded on demand is loaded by somebody's browser, never here.
const nothingOnDemand: Plugin = {
  name: 'nothing-on-demand',
  resolveDynamicImport: () => '\0nothing',
  load: (id) => (id === '\0nothing' ? 'export {}' : null),
}

// What only who signed in sees is made in the browser.
const signedIn = routes.filter((route) => route.signedIn).map((route) => `/src/pages/${route.page}/page.tsx`)
const nothingOfPeople: Plugin = {
  name: 'nothing-of-people',
  enforce: 'pre',
  load: (id) => (signedIn.some((page) => id.endsWith(page)) ? 'export default undefined' : null),
}

// The same components for goja, the JavaScript engine in the binary: one script, without modules, in the language that
// goja knows.
export default defineConfig({
  publicDir: false,
  plugins: [nothingOnDemand, nothingOfPeople],
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    emptyOutDir: false,
    target: 'es2017',
    cssCodeSplit: false,
    lib: { entry: 'src/server.tsx', formats: ['iife'], name: 'server', fileName: () => 'server.js' },
    rolldownOptions: { output: { codeSplitting: false } },
  },
})
