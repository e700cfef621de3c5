// Speaks to the port as programs with node's pg do, and prints what they see.
'use strict';
const { Client, Pool } = require('pg');
const Cursor = require('pg-cursor');

const [host, port] = process.argv[2].split(':');
const config = { host, port, user: 'etl', password: 'secret', database: 'dev' };
const print = (...words) => console.log(words.map((w) => (typeof w === 'string' ? w : JSON.stringify(w))).join(' '));

async function section(name, step) {
  print('== ' + name);
  try {
    await step();
  } catch (e) {
    print('error', e.code || '', e.message.replace(/\(\d+\)/, '(N)'), e.position || '');
  }
}

async function main() {
  const db = new Client(config);
  db.on('notice', (n) => print('notice', n.severity, n.message));
  await db.connect();
  await section('types', async () => {
    await db.query('create table t (id integer, big bigint, name varchar(20), price decimal(10,2), ok boolean, day date, at timestamp, atz timestamptz, doc super, f float)');
    const inserted = await db.query(
      'insert into t values ($1, $2, $3, $4, $5, $6, $7, $8, json_parse($9), $10), (2, null, null, null, null, null, null, null, null, null)',
      [1, '9007199254740993', "it's \\", '12.345', true, '2026-03-01', '2026-03-01 12:34:56.7', new Date(Date.UTC(2026, 2, 1, 12)), '{"a": [1, 2]}', 0.1]);
    print(inserted.command, inserted.rowCount);
    const all = await db.query('select id, big, name, price, ok, day::varchar as day, at::varchar as at, atz, doc, f from t order by id');
    print(all.fields.map((f) => f.name + ':' + f.dataTypeID).join(' '));
    all.rows.forEach((r) => print(r));
  });
  await section('prepared', async () => {
    const query = { name: 'by-id', text: 'select name from t where id = $1' };
    for (const id of [1, 2, 1]) {
      print((await db.query({ ...query, values: [id] })).rows);
    }
    print((await db.query({ text: 'select id, name from t order by id', rowMode: 'array' })).rows);
  });
  await section('binary', async () => {
    const r = await db.query({ text: 'select id, big, ok, f * 25 as f from t where id = $1', values: [1], binary: true });
    print(r.rows);
  });
  await section('several statements', async () => {
    const all = await db.query('select 1 as a; update t set ok = false; select 2 as b');
    print(all.map((r) => [r.command, r.rowCount, r.rows]));
  });
  await section('cursor', async () => {
    await db.query('create temp table n as select id from t');
    for (let i = 0; i < 6; i++) await db.query('insert into n select id from n');
    const cursor = db.query(new Cursor('select id from n where id > $1', [0]));
    const sizes = [];
    for (let rows; (rows = await cursor.read(50)).length > 0; ) sizes.push(rows.length);
    await cursor.close();
    print(sizes);
  });
  await section('errors', async () => {
    for (const q of ['select nope from t', { text: 'select $1::int', values: ['x'] }, { text: 'select $1 + $2', values: [1] }]) {
      await section('query', () => db.query(q));
    }
    await db.query('begin');
    await section('in a block', () => db.query('select * from none'));
    await section('behind it', () => db.query('select 1'));
    await db.query('rollback');
    print((await db.query('select 3 as x')).rows);
  });
  await section('notices', async () => {
    await db.query("create procedure p(n integer) as $$ begin raise info 'n is %', n; end $$ language plpgsql");
    print((await db.query('call p(7)')).command);
  });
  await section('copy', () => db.query('copy t from stdin'));
  await section('pool', async () => {
    const pool = new Pool({ ...config, max: 4, ssl: { rejectUnauthorized: false } });
    const sums = await Promise.all([...Array(20).keys()].map((i) => pool.query('select $1::int * 2 as x', [i])));
    print(sums.reduce((sum, r) => sum + r.rows[0].x, 0));
    await pool.end();
  });
  await section('wrong password', async () => {
    const other = new Client({ ...config, password: 'guess' });
    await other.connect();
  });
  await db.end();
}

main().catch((e) => {
  console.error(e);
  process.exit(1);
});
