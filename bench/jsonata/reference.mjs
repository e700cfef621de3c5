// Times the expressions of jsonata/bench_test.go on the reference implementation. Run it where npm's jsonata is installed:
//
//   npm install jsonata && node reference.mjs
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const from = createRequire(pathToFileURL(process.cwd() + '/'));
const jsonata = from('jsonata');

const items = [];
for (let i = 0; i < 1000; i++) items.push({ id: i, price: (i % 100) + 0.5, name: `item ${i}` });

const cases = [
  ['small', '$states.input.a + 1', { a: 41 }],
  ['map', '$map($states.input.items, function($v) { $v.price * 2 })', { items }],
  ['filter', '$filter($states.input.items, function($v) { $v.price > 50 })', { items }],
  ['path', '$states.input.items[price > 50].(price * 2)', { items }],
];

for (const [name, text, input] of cases) {
  const expression = jsonata(text);
  const bindings = { states: { input } };
  const until = (ms) => performance.now() + ms;
  for (const end = until(300); performance.now() < end;) await expression.evaluate(undefined, bindings);
  let runs = 0;
  const start = performance.now();
  for (const end = until(1000); performance.now() < end; runs++) await expression.evaluate(undefined, bindings);
  console.log(`${name}\t${Math.round((performance.now() - start) * 1e6 / runs)} ns/op`);
}
