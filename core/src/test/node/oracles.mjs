// oracles.mjs DIRECTORY: other people's packages over the vectors of docs/spec/vectors. Prints one line a vector: its name and
// "yes" or "no".
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(process.env.LOCKBOX_NPM + "/");
const { default: canonicalize } = await import(pathToFileURL(process.env.LOCKBOX_NPM + "/node_modules/canonicalize/lib/canonicalize.js"));
const { verifyAuthenticationResponse } = require("@simplewebauthn/server");
const vectors = JSON.parse(readFileSync(process.argv[2] + "/vectors.json", "utf8"));
const base64url = text => Buffer.from(text, "base64").toString("base64url");

for (const { name, document } of vectors.canonical) {
  const text = Buffer.from(document, "base64").toString("utf8");
  let same = false;
  try {
    same = canonicalize(JSON.parse(text)) === text;
  } catch (e) {
    same = false;
  }
  console.log(name, same ? "yes" : "no");
}
for (const { name, key, envelope, pae } of vectors.webauthn) {
  const [signature] = envelope.signatures;
  const xy = Buffer.from(key.spki, "base64").subarray(-64);
  // COSE_Key: {1: 2, 3: -7, -1: 1, -2: x, -3: y}
  const cose = Buffer.concat([Buffer.from("a5010203262001215820", "hex"), xy.subarray(0, 32), Buffer.from("225820", "hex"), xy.subarray(32)]);
  const challenge = Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(pae, "base64"))).toString("base64url");
  const id = base64url(key.webauthn.credentialId);
  let verified = false;
  try {
    const answer = await verifyAuthenticationResponse({
      response: {
        id, rawId: id, type: "public-key", clientExtensionResults: {},
        response: { authenticatorData: base64url(signature.authenticatorData), clientDataJSON: base64url(signature.clientDataJSON), signature: base64url(signature.sig) },
      },
      expectedChallenge: challenge,
      expectedOrigin: key.webauthn.origins,
      expectedRPID: key.webauthn.rpId,
      credential: { id, publicKey: new Uint8Array(cose), counter: 0 },
      requireUserVerification: true,
    });
    verified = answer.verified;
  } catch (e) {
    verified = false;
  }
  console.log(name, verified ? "yes" : "no");
}
