// What the clients in Node.js share: they print TAP.

'use strict'

let tests = 0
let failures = 0

// test DESCRIPTION BODY: BODY is to throw nothing
exports.test = async function test(description, body) {
  tests++
  try {
    await body()
    console.log(`ok ${tests} - ${description}`)
  } catch (error) {
    failures++
    console.log(`not ok ${tests} - ${description}`)
    console.log(String(error.stack).replace(/^/gm, '#   '))
  }
}

// The error that a promise has to be rejected with
exports.failing = async function failing(promise) {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('no error was raised')
}

// run MAIN: all tests are in MAIN
exports.run = function run(main) {
  main().then(() => {
    console.log(`1..${tests}`)
    process.exitCode = failures > 0 ? 1 : 0
  }, error => {
    console.log(`Bail out! ${error.stack}`)
    process.exitCode = 1
  })
}
