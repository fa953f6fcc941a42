// postgres.js against the gateway, with the URL of `lockbox connect ID url`: postgresjs.mjs URL MODULES
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const url = new URL(process.argv[2]);
const { default: postgres } = await import(pathToFileURL(process.argv[3] + "/postgres/src/index.js"));
const sql = postgres({
  host: url.hostname,
  port: Number(url.port),
  database: url.pathname.slice(1),
  username: url.username,
  password: url.password,
  ssl: { ca: readFileSync(url.searchParams.get("sslrootcert")), servername: url.hostname },
  max: 1,
});

const rows = await sql`select id, email, tags, created_at from customers where id > ${0} order by id limit 5`;
if (rows.length !== 5 || !rows.every((row) => row.email.endsWith("***@***"))) throw new Error("not masked");
if (!Array.isArray(rows[0].tags) || !(rows[0].created_at instanceof Date)) throw new Error("types");
const sum = await sql.begin("read only", (own) => own`select sum(g)::int as s from generate_series(1, ${100}::int) g`);
if (sum[0].s !== 5050) throw new Error("transaction");
const refused = await sql`select 1 / 0`.then(() => "", (e) => e.code);
if (refused !== "22012") throw new Error("error " + refused);
let seen = 0;
for await (const part of sql`select g from generate_series(1, 2500) g`.cursor(1000)) seen += part.length;
if (seen !== 2500) throw new Error("cursor " + seen);
let copied = "";
for await (const part of await sql`copy (select id from customers order by id limit 100) to stdout`.readable()) copied += part;
if (copied.trim().split("\n").length !== 100) throw new Error("copy " + copied);
const slow = sql`select pg_sleep(60)`;
setTimeout(() => slow.cancel(), 1500);
const cancelled = await slow.then(() => "", (e) => e.code);
if (cancelled !== "57014") throw new Error("cancel " + cancelled);
await sql.end();
console.log("done");
