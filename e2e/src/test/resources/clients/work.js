// node-postgres against the gateway: node work.js URL MARKER
const { Client } = require('pg');
const assert = require('node:assert/strict');

const [url, marker] = process.argv.slice(2);
const mark = (what) => ` /* ${marker}-${what} */`;

async function fails(promise, code) {
  const error = await promise.then(() => null, (e) => e);
  assert.equal(error && error.code, code);
}

async function main() {
  const client = new Client({ connectionString: url });
  await client.connect();

  const masked = await client.query('select id, email from customers where id > $1 order by id limit $2' + mark('params'), [0, 5]);
  assert.equal(masked.rows.length, 5);
  for (const row of masked.rows) assert.match(row.email, /^.\*\*\*@\*\*\*$/);

  const named = { name: 'by-id', text: 'select id from customers where id = $1' + mark('named') };
  for (const row of masked.rows) assert.equal((await client.query({ ...named, values: [row.id] })).rows[0].id, row.id);

  await client.query('begin' + mark('begin'));
  await fails(client.query('select 1 / $1::int' + mark('error'), [0]), '22012');
  await fails(client.query('select 1' + mark('aborted')), '25P02');
  await client.query('rollback' + mark('rollback'));

  await fails(client.query("delete from customers" + mark('refused')), '42501').catch(() =>
    fails(client.query("delete from customers" + mark('refused')), '25006'));

  const large = await client.query("select g, repeat('x', 100) as x from generate_series(1, 50000) g" + mark('large'));
  assert.equal(large.rows.length, 50000);

  const two = await client.query('select 1 as a; select 2 as a' + mark('simple'));
  assert.deepEqual(two.map((r) => r.rows[0].a), [1, 2]);

  await client.end();
  console.log('done');
}

main().catch((e) => { console.error(e); process.exit(1); });
