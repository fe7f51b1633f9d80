// The occurrences of recurrence rules as the package rrule has them.
//
// Reads lines of rrule_random.py (number, rule, start) and writes them with the
// first 40 local times, as an array for COPY.  A rule that it takes too long
// for has no line.

'use strict'

const { readFileSync } = require('node:fs')
const vm = require('node:vm')
const { rrulestr } = require('./node_modules/rrule')

const MOST = 40

// Its time-out is what stops a walk that finds nothing
const context = vm.createContext({ walk: null })
const script = new vm.Script('walk()')

for (const line of readFileSync(0, 'utf8').split('\n')) {
  const [number, rule, start] = line.split('\t')
  if (!start) continue
  const times = []
  context.walk = () =>
    rrulestr(`DTSTART:${start}Z\nRRULE:${rule}`).all((time, i) => {
      if (i < MOST) times.push(time.toISOString().slice(0, 19).replace('T', ' '))
      return i < MOST
    })
  try {
    script.runInContext(context, { timeout: 100 })
  } catch (error) {
    if (error.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
    continue
  }
  console.log([number, rule, start, `{${times.join(',')}}`].join('\t'))
}
