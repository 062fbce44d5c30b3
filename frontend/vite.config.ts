import { join } from 'node:path'
import { defineConfig } from 'vite'

export default defineConfig({
  resolve: {
    alias: { 'react-style-singleton': join(import.meta.dirname, 'src/pages/Api/styleSingleton.ts') },
  },
  css: {
    postcss: {
      plugins: [
        // GraphiQL's style sheet carries fonts and pictures as data: URLs, which default-src 'self' refuses to load.
        {
          postcssPlugin: 'without-data-urls',
          AtRule: { 'font-face': (rule) => void rule.remove() },
          Declaration(declaration) {
            if (/url\(["']?data:/.test(declaration.value)) declaration.remove()
          },
        },
      ],
    },
  },
  build: {
    // The licences of what is bundled ask that their texts travel with every copy: the binary embeds this file.
    license: { fileName: 'licenses.md' },
    // Small files stay files: inlined they would be data: URLs.
    assetsInlineLimit: 0,
    // In kB; GraphiQL is one chunk of about this size, fetched after the page.
    chunkSizeWarningLimit: 1100,
    // React libraries mark their modules for server components, which mean nothing here.
    rolldownOptions: { input: 'api.html', checks: { moduleLevelDirective: false } },
  },
  server: { proxy: { '/graphql': 'http://localhost:8080' } },
})
