// Composes each list of subgraphs {name, sdl} into a supergraph: its public schema, or what is wrong.
import { composeServices, transformSupergraphToPublicSchema } from '@theguild/federation-composition'
import { parse, print } from 'graphql'
import { answer, input } from './script.mjs'

answer(
  input().map((subgraphs) => {
    const { supergraphSdl, errors } = composeServices(subgraphs.map(({ name, sdl }) => ({ name, typeDefs: parse(sdl), url: `http://${name}.test/graphql` })))
    return {
      errors: (errors ?? []).map((error) => ({ code: error.extensions?.code, message: error.message })),
      publicSdl: supergraphSdl ? print(transformSupergraphToPublicSchema(parse(supergraphSdl))) : '',
      supergraphSdl: supergraphSdl ?? '',
    }
  }),
)
