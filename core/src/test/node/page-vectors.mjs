// page-vectors.mjs VERIFY.HTML VECTORS.JSON: what the functions of the page say of each vector.
import { readFileSync } from "node:fs";

const [page, file] = process.argv.slice(2);
const script = readFileSync(page, "utf8").match(/<script>([\s\S]*)<\/script>/)[1];
const { parse, signed, keyId, rootOf, text, unhex } = new Function(script + "\nreturn { parse, signed, keyId, rootOf, text, unhex };")();
const vectors = JSON.parse(readFileSync(file, "utf8"));
const bytes = base64 => new Uint8Array(Buffer.from(base64, "base64"));
const says = async (name, check) => console.log(name, (await check().catch(() => false)) ? "yes" : "no");

for (const { name, document } of vectors.canonical) {
  await says(name, async () => parse("vector", text(bytes(document))) !== undefined);
}
for (const { name, key, envelope, pae } of [...vectors.signatures, ...vectors.webauthn, ...vectors.sshsig]) {
  const [signature] = envelope.signatures;
  await says(name, async () => signature.keyId === await keyId(key) && await signed(key, signature, bytes(pae)));
}
for (const { name, size, indexes, leaves, hashes, root } of vectors.joint) {
  await says(name, async () => await rootOf(size, indexes.map((index, i) => ({ index, hash: unhex(leaves[i]) })), hashes.map(unhex)) === root);
}
