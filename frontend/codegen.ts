import type { CodegenConfig } from '@graphql-codegen/cli'

// Types of what the pages ask, and the documents themselves by their SHA-256: the server knows them beforehand
// (trusted documents), so a page sends a hash and never a query.
const config: CodegenConfig = {
  schema: '../graph/*.graphqls',
  documents: ['src/**/*.graphql', '!src/pages/Api/examples/**'],
  generates: {
    'src/graphql/generated/': {
      preset: 'client',
      presetConfig: {
        fragmentMasking: false,
        persistedDocuments: { mode: 'replaceDocumentWithHash', hashAlgorithm: 'sha256', hashPropertyName: 'hash' },
      },
      config: {
        documentMode: 'string',
        enumsAsTypes: true,
        useTypeImports: true,
        avoidOptionals: { field: true },
        defaultScalarType: 'string',
        scalars: { Int: 'number', Float: 'number', Boolean: 'boolean' },
      },
    },
  },
}

export default config
