// A real OpenID Connect provider in a process of its own, with its sign-in form for development: whoever fills in a name
// is that person. It wants PKCE, and the client to prove who it is with a key.
import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(import.meta.url)

/** Starts a provider on a port of this machine. people holds the claims of everybody it knows, by the name they fill in. */
export async function provide({ port, client, people, signing = 'ES256' }) {
  const child = spawn(process.execPath, [here, JSON.stringify({ port, client, people, signing })], { stdio: ['ignore', 'pipe', 'pipe'] })
  const log = []
  child.stderr.on('data', (piece) => log.push(piece))
  const [said] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => [''])])
  if (!String(said).startsWith('ready')) throw new Error(`the provider did not start:\n${Buffer.concat(log)}`)
  return {
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

if (process.argv[1] === here) await run(JSON.parse(process.argv[2]))

async function run({ port, client, people, signing }) {
  const { Provider } = await import('oidc-provider')
  const { privateKey } = signing === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: 2048 })
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [
      {
        client_id: client.id,
        redirect_uris: [client.returnTo],
        response_types: ['code'],
        grant_types: ['authorization_code'],
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: client.jwks,
        id_token_signed_response_alg: signing,
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', kid: 'provider' }] },
    cookies: { keys: ['only for a test'] },
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...people[sub] }) }),
  })
  provider.listen(port, '127.0.0.1', () => console.log('ready'))
}
