// Answers CloudFormation from the function behind a custom resource, with the names and parameters of AWS's module.

const http = require('node:http')
const https = require('node:https')

exports.SUCCESS = 'SUCCESS'
exports.FAILED = 'FAILED'

exports.send = (event, context, responseStatus, responseData, physicalResourceId, noEcho) => new Promise(resolve => {
  const body = JSON.stringify({
    Status: responseStatus,
    Reason: 'See the details in CloudWatch Log Stream: ' + context.logStreamName,
    PhysicalResourceId: physicalResourceId || context.logStreamName,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
    NoEcho: noEcho || false,
    Data: responseData,
  })
  const client = event.ResponseURL.startsWith('https:') ? https : http
  const request = client.request(event.ResponseURL, {
    method: 'PUT', headers: { 'Content-Type': '', 'Content-Length': Buffer.byteLength(body) },
  }, answer => {
    console.log('Status code: ' + answer.statusCode)
    answer.resume()
    answer.on('end', () => { resolve(); context.done() })
  })
  request.on('error', error => {
    console.log('send(..) failed executing https.request(..): ' + error)
    resolve()
    context.done()
  })
  request.end(body)
})
