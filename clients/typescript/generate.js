// Writes fields.d.ts: the types of canonical JSON, from the extension's own
// catalogue.  "node generate.js --check" only looks whether it is up to date.

'use strict'

const { readFileSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')

const top = join(__dirname, '../..')
const source = path => readFileSync(join(top, 'src', path), 'utf8')

// all TEXT PATTERN: the first group of each match, or all groups if there are more
function all(text, pattern) {
  const found = [...text.matchAll(pattern)].map(([, ...groups]) => groups.length > 1 ? groups : groups[0])
  if (found.length === 0) throw new Error(`nothing is like ${pattern}`)
  return found
}

// ------------------------------------------------------------------
// what the extension says of itself
// ------------------------------------------------------------------

const records = new Map()
let record
for (const line of source('record/fields.def').split('\n')) {
  const begin = /^RECORD\((\w+)\)$/.exec(line)
  if (begin) records.set(begin[1], record = [])
  if (!/^FIELD\(/.test(line)) continue
  const field = /^FIELD\(\w+, \d+, "(\w+)", (\w+), (\w+), (true|false), "((?:[^"\\]|\\.)*)"\)$/.exec(line)
  if (!field) throw new Error(`not understood: ${line}`)
  const [, name, kind, sub, personal, comment] = field
  record.push({ name, kind, sub, personal: personal === 'true', comment: comment.replace(/\\(.)/g, '$1') })
}

const statuses = all(source('base/status.c'), /^\t\[STATUS_\w+\] = "(\w+)",$/gm)
const codes = all(source('json/problem.h'), /^\tPROBLEM\(\w+, "(\w+)"\)/gm)
const formats = all(source('formats/formats.def'), /^FORMAT\(\d+, (\w+)\)$/gm)
const eventFormats = formats.filter(format => source(`formats/${format}.c`).includes('RECORD_EVENT'))

// ------------------------------------------------------------------
// the same in TypeScript
// ------------------------------------------------------------------

const camel = symbol => symbol.toLowerCase().replace(/(?:^|_)(\w)/g, (_, letter) => letter.toUpperCase())
const typeName = symbol => symbol === 'EVENT' ? 'AppointmentEvent' : camel(symbol)
const words = list => list.map(word => `'${word}'`).join(' | ')

const types = {
  TEXT: () => 'string',
  ZONE: () => 'TimeZone',
  STATUS: () => 'Status',
  SOURCE: within => within === 'EVENT' ? 'EventFormat' : 'AppointmentFormat',
  BOOLEAN: () => 'boolean',
  INTEGER: () => 'number',
  INSTANT: () => 'Instant',
  DATE: () => 'LocalDate',
  LOCAL: () => 'LocalTime',
  TEXT_LIST: () => 'string[]',
  RECORD: (_, sub) => typeName(sub),
  RECORD_LIST: (_, sub) => `${typeName(sub)}[]`,
  JSON_OBJECT: () => 'JsonObject',
  JSON_LIST: () => 'Json[]',
  UNKNOWN: () => 'UnknownKeys'
}

// The records that a value can hold; others are parts of documents only.
const used = new Set(['APPOINTMENT', 'EVENT'])
for (const symbol of used) {
  for (const { sub } of records.get(symbol)) if (sub !== 'NONE') used.add(sub)
}

const out = []
out.push(`// Made by generate.js from the extension's catalogue of fields: do not edit.

/** Any JSON */
export type Json = string | number | boolean | null | Json[] | JsonObject
export type JsonObject = { [key: string]: Json }

/** An instant in ISO 8601: read with any offset, written in UTC, such as 2026-03-02T09:00:00Z */
export type Instant = string

/** A wall clock's time without an offset, such as 2026-03-02T09:00:00 */
export type LocalTime = string

/** A date, such as 2026-03-02 */
export type LocalDate = string

/** The name of an IANA time zone, such as Europe/Berlin */
export type TimeZone = string

/** The statuses that the extension understands */
export type CanonicalStatus = ${words(statuses)}

/** A status: a canonical one, or a word of your own */
export type Status = CanonicalStatus | (string & {})

/** The formats of appointments */
export type AppointmentFormat = ${words(formats.filter(format => !eventFormats.includes(format)))}

/** The formats of events */
export type EventFormat = ${words(eventFormats)}

/** Keys that no field takes, by the format of the document that had them */
export type UnknownKeys = { [format in AppointmentFormat | EventFormat]?: JsonObject }

/** The codes of a document's problems */
export type ProblemCode =
${codes.map(code => `  | '${code}'`).join('\n')}
`)
for (const [symbol, fields] of records) {
  if (!used.has(symbol)) continue
  if (symbol === 'APPOINTMENT') out.push('/** Canonical JSON of type appointment */')
  if (symbol === 'EVENT') out.push('/** Canonical JSON of type appointment_event */')
  // no interface: that is assignable to no type of "any JSON"
  out.push(`export type ${typeName(symbol)} = {`)
  for (const { name, kind, sub, personal, comment } of fields) {
    out.push(`  /** ${comment}${personal ? ' (personal)' : ''} */`)
    out.push(`  ${name}?: ${types[kind](symbol, sub)} | null`)
  }
  out.push('}\n')
}
const text = out.join('\n')

const path = join(__dirname, 'fields.d.ts')
if (process.argv[2] !== '--check') {
  writeFileSync(path, text)
} else if (readFileSync(path, 'utf8') !== text) {
  console.error('fields.d.ts is not what generate.js makes: run it')
  process.exitCode = 1
}
