// What a program needs to tell the extension's errors apart, whatever driver
// or ORM it meets them through.

'use strict'

const documentCodes = ['22P02', '54000', '23514']
const ruleCodes = ['23514', '22023']
const retryCodes = ['40001', '40P01', '55P03']
const knownCodes = new Set(['23P01', ...documentCodes, ...ruleCodes, ...retryCodes])

// Where other libraries keep the driver's error: Drizzle, Sequelize, TypeORM,
// GraphQL, Prisma
const wrappers = ['cause', 'original', 'parent', 'driverError', 'originalError', 'extensions', 'exception', 'meta', 'driverAdapterError']

// sqlState ERROR: as pg and postgres.js, GraphQL or Prisma call it
function sqlState(error) {
  return [error.code, error.errcode, error.originalCode].find(code => knownCodes.has(code))
}

// findError ERROR: the outermost that has an SQLSTATE of ours, with its
// message or that of the error around it; or null
function findError(error, message, seen = new Set()) {
  if (typeof error !== 'object' || error === null || seen.has(error)) return null
  seen.add(error)
  message = error.message ?? message
  const code = sqlState(error)
  if (code !== undefined) return { code, detail: parseDetail(error.detail ?? error.details), message, ...place(error) }
  for (const name of wrappers) {
    const inner = findError(error[name], message, seen)
    if (inner !== null) return inner
  }
  return null
}

// place ERROR: what it is about, as pg or postgres.js call it
function place(error) {
  return {
    hint: error.hint ?? undefined,
    schema: error.schema ?? error.schema_name ?? undefined,
    table: error.table ?? error.table_name ?? undefined,
    column: error.column ?? error.column_name ?? undefined,
    constraint: error.constraint ?? error.constraint_name ?? undefined
  }
}

// parseDetail DETAIL: an object, or null if it is a sentence
function parseDetail(detail) {
  if (typeof detail === 'object' && !Array.isArray(detail)) return detail
  if (typeof detail !== 'string' || !detail.startsWith('{')) return null
  try {
    return JSON.parse(detail)
  } catch {
    return null
  }
}

// kindOf CODE DETAIL: undefined if it is no error of the extension
function kindOf(code, detail) {
  if (code === '23P01') return 'double_booking'
  if (detail === null) return undefined
  if (ruleCodes.includes(code)) {
    if ('next' in detail) return 'transition'
    if ('missing' in detail) return 'missing_field'
    if (detail.code === 'too_late') return 'too_late'
    if ('history' in detail) return 'history'
  }
  if (documentCodes.includes(code) && 'path' in detail && 'code' in detail) return 'document'
  return undefined
}

exports.appointmentError = function appointmentError(error) {
  const found = findError(error)
  const kind = found === null ? undefined : kindOf(found.code, found.detail)
  return kind === undefined ? null : { kind, ...found }
}

exports.mayRetry = function mayRetry(error) {
  const found = findError(error)
  return found !== null && retryCodes.includes(found.code)
}
