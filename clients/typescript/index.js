// What a program needs to tell the extension's errors apart, whatever driver
// or ORM it meets them through.

'use strict'

const documentCodes = ['22P02', '54000', '23514']
const ruleCodes = ['23514', '22023']
const retryCodes = ['40001', '40P01', '55P03']
const knownCodes = new Set(['23P01', ...documentCodes, ...ruleCodes, ...retryCodes])

// Where drivers' errors are kept inside those of other libraries: drizzle,
// Sequelize, TypeORM, GraphQL, Prisma
const wrappers = ['cause', 'original', 'parent', 'driverError', 'originalError', 'extensions', 'exception', 'meta', 'driverAdapterError']

// sqlState ERROR: as pg and postgres.js, GraphQL or Prisma call it
function sqlState(error) {
  return [error.code, error.errcode, error.originalCode].find(code => knownCodes.has(code))
}

// findError ERROR: the outermost that has an SQLSTATE of ours, or null
function findError(error, seen = new Set()) {
  if (typeof error !== 'object' || error === null || seen.has(error)) return null
  if (sqlState(error) !== undefined) return error
  seen.add(error)
  for (const name of wrappers) {
    const inner = findError(error[name], seen)
    if (inner !== null) return inner
  }
  return null
}

// parseDetail TEXT: the JSON of an error's detail, or null if it is a sentence
function parseDetail(text) {
  if (typeof text !== 'string' || !text.startsWith('{')) return null
  try {
    return JSON.parse(text)
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
  if (found === null) return null
  const code = sqlState(found)
  const detail = parseDetail(found.detail ?? found.details)
  const kind = kindOf(code, detail)
  if (kind === undefined) return null
  return {
    kind,
    code,
    detail,
    message: found.message,
    hint: found.hint ?? undefined,
    schema: found.schema ?? found.schema_name ?? undefined,
    table: found.table ?? found.table_name ?? undefined,
    column: found.column ?? found.column_name ?? undefined,
    constraint: found.constraint ?? found.constraint_name ?? undefined
  }
}

exports.mayRetry = function mayRetry(error) {
  const found = findError(error)
  return found !== null && retryCodes.includes(sqlState(found))
}
