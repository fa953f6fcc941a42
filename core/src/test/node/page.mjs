// page.mjs VERIFY.HTML BUNDLE PIN: runs the script of the page outside a browser.
import { readFileSync } from "node:fs";

const [page, bundle, pin] = process.argv.slice(2);
const script = readFileSync(page, "utf8").match(/<script>([\s\S]*)<\/script>/)[1];
const { verify, Newer } = new Function(script + "\nreturn { verify, Newer };")();
try {
  console.log((await verify(new Uint8Array(readFileSync(bundle)), pin)).join("\n"));
} catch (e) {
  const newer = e instanceof Newer;
  console.error((newer ? "NOT CHECKED: " : "NOT VERIFIED: ") + e.message);
  process.exitCode = newer ? 3 : 1;
}
