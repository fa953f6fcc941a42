// Checks the assertion that an OpenLockbox gateway sends with each request (docs/assertion.md).
// Needs Node 18 alone. Copy this file into your service, and refuse with 401 what it refuses.
//
//   const lockbox = new LockboxAssertion('https://gateway:8443/.well-known/jwks.json', 'helpdesk-api');
//   const caller = await lockbox.verify(request.headers['x-lockbox-assertion'], request.method,
//     request.url.split('?')[0]);
//   if (caller === null) { response.writeHead(401).end(); return; }
//
// Start Node with NODE_EXTRA_CA_CERTS=ca.pem if the gateway's certificate has an authority of its own.
import { createPublicKey, verify } from 'node:crypto';

async function fetched(url) {
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(5_000) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

const json = (part) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));

export class LockboxAssertion {
  #jwks;
  #audience;
  #now;
  #keys = new Map();
  #fetched = -Infinity;

  constructor(jwks, audience, now = () => Date.now() / 1000) {
    this.#jwks = jwks;
    this.#audience = audience;
    this.#now = now;
  }

  // The claims, or null if this is no assertion for this very request. The path is the one of the
  // request line, still encoded, without the query.
  async verify(assertion, method, path) {
    try {
      const parts = assertion.split('.');
      const header = json(parts[0]);
      if (parts.length !== 3 || header.alg !== 'ES256' || header.typ !== 'lockbox+jwt') return null;
      const key = { key: await this.#key(header.kid), dsaEncoding: 'ieee-p1363' };
      const signature = Buffer.from(parts[2], 'base64url');
      if (!verify('sha256', Buffer.from(`${parts[0]}.${parts[1]}`), key, signature)) return null;
      const claims = json(parts[1]);
      const now = this.#now();
      const good = claims.aud === this.#audience && claims.htm === method && claims.htu === path
        && claims.nbf <= now + 5 && claims.exp > now - 5;
      return good ? claims : null;
    } catch {
      return null;
    }
  }

  async #key(id) {
    const age = this.#now() - this.#fetched;
    if (age >= 300 || (!this.#keys.has(id) && age >= 10)) {
      const { keys } = await fetched(this.#jwks);
      this.#keys = new Map(keys.map((jwk) => [jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]));
      this.#fetched = this.#now();
    }
    if (!this.#keys.has(id)) throw new Error(`no key ${id}`);
    return this.#keys.get(id);
  }
}
