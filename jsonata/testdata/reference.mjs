// Evaluates one expression a line, {"expr", "input"}, on the reference implementation and prints {"result"}, {"nothing"} or {"code"}.
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';

const jsonata = createRequire(process.argv[2] + '/')('jsonata');

for await (const line of createInterface({ input: process.stdin })) {
  const { expr, input } = JSON.parse(line);
  let answer;
  try {
    const result = await jsonata(expr).evaluate(input);
    answer = result === undefined ? { nothing: true } : { result: typeof result === 'function' || result?._jsonata_lambda || result?._jsonata_function ? '' : result };
  } catch (error) {
    answer = { code: error.code ?? String(error.message) };
  }
  console.log(JSON.stringify(answer, (key, value) => (value?._jsonata_lambda || value?._jsonata_function || typeof value === 'function' ? '' : value)));
}
