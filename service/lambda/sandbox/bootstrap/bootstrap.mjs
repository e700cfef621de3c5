// Runs a JavaScript handler: it asks the Runtime API for events and answers them, as AWS's own bootstrap does.

import http from 'node:http'
import fs from 'node:fs'
import path from 'node:path'
import util from 'node:util'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const env = process.env
const place = env.AWS_LAMBDA_RUNTIME_API
const agent = new http.Agent({ keepAlive: true })
let current = '' // the request under way

function call(method, name, body = '', headers = {}) {
  return new Promise((resolve, reject) => {
    const url = `http://${place}/2018-06-01/runtime/${name}`
    const request = http.request(url, { method, agent, headers: { 'Content-Length': Buffer.byteLength(body), ...headers } }, answer => {
      const parts = []
      answer.on('data', part => parts.push(part))
      answer.on('end', () => resolve({ headers: answer.headers, body: Buffer.concat(parts).toString() }))
      answer.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}

function described(error) {
  if (error instanceof Error) {
    // The stack without what is this file's and below it.
    const trace = (error.stack ?? '').split('\n')
    const end = trace.findIndex(line => line.includes(import.meta.url) || line.includes('node:internal'))
    return { errorType: error.name, errorMessage: error.message, trace: end < 0 ? trace : trace.slice(0, end) }
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] }
}

function fail(name, error) {
  write('ERROR', ['Invoke Error', JSON.stringify(error)])
  return call('POST', name, JSON.stringify(error), { 'Lambda-Runtime-Function-Error-Type': encodeURIComponent(error.errorType) })
}

function write(level, args) {
  // One record is one line for the log, so line ends travel as carriage returns, as on AWS.
  const text = util.format(...args).replaceAll('\n', '\r')
  print(Buffer.from(`${new Date().toISOString()}\t${current || 'undefined'}\t${level}\t${text}\n`))
}

// print writes all, also where process.stdout has made the pipe one that does not wait.
function print(line) {
  while (line.length > 0) {
    try {
      line = line.subarray(fs.writeSync(1, line))
    } catch (error) {
      if (error.code !== 'EAGAIN') return // the handler has closed it
    }
  }
}

for (const [name, level] of [['log', 'INFO'], ['info', 'INFO'], ['warn', 'WARN'], ['error', 'ERROR'], ['debug', 'DEBUG'], ['trace', 'TRACE']]) {
  console[name] = (...args) => write(level, args)
}

class Unusable extends Error {
  constructor(kind, message) {
    super(message)
    this.name = kind
  }
}

async function load(handler) {
  const folder = path.dirname(handler)
  const [module, ...names] = path.basename(handler).split('.')
  if (names.length === 0) throw new Unusable('Runtime.MalformedHandlerName', 'Bad handler')
  const base = path.resolve(env.LAMBDA_TASK_ROOT, folder, module)
  const file = ['.js', '.mjs', '.cjs'].map(ending => base + ending).find(name => fs.existsSync(name))
  if (!file) throw new Unusable('Runtime.ImportModuleError', `Error: Cannot find module '${module}'`)
  let loaded
  try {
    loaded = await open(file)
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND') throw new Unusable('Runtime.ImportModuleError', `Error: ${error.message}`)
    if (error instanceof SyntaxError) throw new Unusable('Runtime.UserCodeSyntaxError', `SyntaxError: ${error.message}`)
    throw error
  }
  const found = names.reduce((from, name) => from?.[name], loaded)
  if (typeof found !== 'function') throw new Unusable('Runtime.HandlerNotFound', `${handler} is undefined or not exported`)
  return found
}

// open loads CommonJS, and what is no CommonJS as a module.
async function open(file) {
  if (!file.endsWith('.mjs')) {
    try {
      return createRequire(file)(file)
    } catch (error) {
      if (error.code !== 'ERR_REQUIRE_ESM') throw error
    }
  }
  const loaded = await import(pathToFileURL(file))
  return loaded.default && typeof loaded.default === 'object' ? { ...loaded.default, ...loaded } : loaded
}

function contextOf(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms'])
  const client = headers['lambda-runtime-client-context']
  return {
    awsRequestId: current,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: client ? JSON.parse(client) : undefined,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  }
}

// run gives a handler its three ways to answer: a promise, the callback, and the context's old methods.
function run(handler, event, context) {
  return new Promise((resolve, reject) => {
    context.succeed = resolve
    context.fail = error => reject(error ?? 'handled')
    const done = (error, result) => (error == null ? resolve(result) : reject(error))
    context.done = done
    const answer = handler(event, context, done)
    if (answer && typeof answer.then === 'function') answer.then(resolve, reject)
    else if (answer !== undefined || handler.length < 3) resolve(answer)
  })
}

async function serve(handler) {
  for (;;) {
    const { headers, body } = await call('GET', 'invocation/next')
    current = headers['lambda-runtime-aws-request-id']
    env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'] ?? ''
    const name = 'invocation/' + current
    let answer
    try {
      answer = JSON.stringify((await run(handler, JSON.parse(body), contextOf(headers))) ?? null)
    } catch (error) {
      await fail(name + '/error', described(error))
      continue
    }
    await call('POST', name + '/response', answer ?? 'null')
  }
}

// What nobody catches ends the process, and the request with it.
async function die(kind, error) {
  const about = { ...described(error), errorType: kind ?? described(error).errorType }
  if (kind) about.errorMessage = `${described(error).errorType}: ${about.errorMessage}`
  await fail(current ? `invocation/${current}/error` : 'init/error', about).catch(() => {})
  process.exit(128)
}

process.on('uncaughtException', error => die('', error))
process.on('unhandledRejection', error => die('Runtime.UnhandledPromiseRejection', error))

let handler
try {
  handler = await load(env._HANDLER)
} catch (error) {
  await fail('init/error', described(error)).catch(() => {})
  process.exit(1)
}
serve(handler).catch(() => process.exit(0)) // the host has gone
