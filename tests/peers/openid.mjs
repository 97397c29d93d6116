// An OpenID provider of the npm package oidc-provider, with one client and one page on which anybody signs in as the
// account whose name they type. Takes its settings as JSON from the environment; says "ready" when it listens.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { webcrypto } from 'node:crypto';

// Node 18 has it only behind a flag.
globalThis.crypto ??= webcrypto;

const { packages, port, client, accounts } = JSON.parse(process.env.PEER_SETTINGS);
const { Provider } = await import(createRequire(`${packages}/`).resolve('oidc-provider'));
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  clients: [client],
  claims: {
    openid: ['sub'],
    email: ['email', 'email_verified'],
    profile: ['name'],
    groups: ['groups'],
  },
  scopes: ['openid', 'email', 'profile', 'groups'],
  cookies: { keys: ['a key for the cookies of the tests'] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  pkce: { required: () => true },
  findAccount: (_, id) => accounts[id] && { accountId: id, claims: () => ({ sub: id, ...accounts[id] }) },
});

const page = (uid) => `<!doctype html><html lang="en"><title>Sign in</title><h1>Sign in at the provider</h1>
<form method="post" action="/interaction/${uid}">
<label for="login">Login</label><input id="login" name="login">
<button>Sign in there</button><button name="act" value="decline">Decline</button>
</form></html>`;

const body = async (request) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  return new URLSearchParams(Buffer.concat(parts).toString());
};

const agreed = async ({ params, grantId }, accountId) => {
  const grant = (grantId && await provider.Grant.find(grantId))
    || new provider.Grant({ accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  return { grantId: await grant.save() };
};

const interact = async (request, response) => {
  const details = await provider.interactionDetails(request, response);
  const finish = (result) => provider.interactionFinished(request, response, result);
  if (details.prompt.name === 'consent') {
    return finish({ consent: await agreed(details, details.session.accountId) });
  }
  if (request.method !== 'POST') {
    response.setHeader('content-type', 'text/html');
    return response.end(page(details.uid));
  }
  const fields = await body(request);
  const accountId = fields.get('login');
  return fields.get('act') === 'decline' || !accounts[accountId]
    ? finish({ error: 'access_denied', error_description: 'somebody declined' })
    : finish({ login: { accountId }, consent: await agreed(details, accountId) });
};

const answer = provider.callback();
const server = createServer((request, response) => {
  const done = request.url.startsWith('/interaction/') ? interact(request, response) : answer(request, response);
  done?.catch((error) => {
    console.error(error);
    response.statusCode = 500;
    response.end('it broke');
  });
});
server.listen(port, '127.0.0.1');
await once(server, 'listening');
console.log('ready');
