// A city's identity provider, as real as it gets: the certified `oidc-provider` on 127.0.0.1.
//
//   node oidc_provider.mjs REDIRECT_URI...
//
// Prints its issuer once it listens. It insists on PKCE with S256, takes any password, and knows two clients:
// "hall" with the secret "hall-secret-of-the-tests", and "hall-public" without. A login such as "sato" is the person's sub and
// preferred_username.

import { createServer } from "node:http";

import Provider from "oidc-provider";

const redirectUris = process.argv.slice(2);
const client = { redirect_uris: redirectUris, response_types: ["code"], grant_types: ["authorization_code"] };

const configuration = {
  clients: [
    { ...client, client_id: "hall", client_secret: "hall-secret-of-the-tests" },
    { ...client, client_id: "hall-public", token_endpoint_auth_method: "none" },
  ],
  cookies: { keys: ["a key for tests"] },
  claims: { openid: ["sub"], profile: ["preferred_username", "name"], email: ["email"] },
  features: { devInteractions: { enabled: true } },
  pkce: { required: () => true },
  async findAccount(_context, login) {
    return {
      accountId: login,
      claims: async () => ({ sub: login, preferred_username: login, name: "Somebody", email: `${login}@city.example` }),
    };
  },
  // The city's own application needs nobody's consent.
  async loadExistingGrant(context) {
    const { client: asking, session } = context.oidc;
    const grant = new context.oidc.provider.Grant({ clientId: asking.clientId, accountId: session.accountId });
    grant.addOIDCScope("openid profile email");
    await grant.save();
    return grant;
  },
};

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  server.on("request", new Provider(issuer, configuration).callback());
  process.stdout.write(`${issuer}\n`);
});
