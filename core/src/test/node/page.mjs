// page.mjs VERIFY.HTML BUNDLE PIN: runs the script of the page outside a browser.
// page.mjs: does so for each line of standard input, which holds the three, separated by tabs; it answers with a line: the exit code, and the two
// outputs in base64.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

async function check(page, bundle, pin) {
  const script = readFileSync(page, "utf8").match(/<script>([\s\S]*)<\/script>/)[1];
  const { verify, Newer } = new Function(script + "\nreturn { verify, Newer };")();
  try {
    return [0, (await verify(new Uint8Array(readFileSync(bundle)), pin)).join("\n") + "\n", ""];
  } catch (e) {
    const newer = e instanceof Newer;
    return [newer ? 3 : 1, "", (newer ? "NOT CHECKED: " : "NOT VERIFIED: ") + e.message + "\n"];
  }
}

const words = process.argv.slice(2);
if (words.length > 0) {
  const [exit, out, err] = await check(...words);
  process.stdout.write(out);
  process.stderr.write(err);
  process.exitCode = exit;
} else {
  for await (const line of createInterface({ input: process.stdin })) {
    const [exit, ...texts] = await check(...line.split("\t"));
    console.log([exit, ...texts.map((text) => Buffer.from(text).toString("base64"))].join("\t"));
  }
}
