// What the programs for the tools of Node.js send, and what they have to get.

'use strict'

const assert = require('node:assert')
const { appointmentError } = require('appointment-client')

exports.value = {
  id: 'app_1', starts_at: '2026-03-02T09:00:00Z', ends_at: '2026-03-02T10:00:00Z', status: 'scheduled', room_id: 'blue',
  note: 'it\'s "$1" \\ ü', attendees: [{ id: 'usr_1', no_show: null }]
}
// overlaps it
exports.other = { id: 'app_2', starts_at: '2026-03-02T09:30:00Z', ends_at: '2026-03-02T10:30:00Z', room_id: 'blue' }

exports.booking = { tenant: 'acme', room_id: 'blue', starts_at: new Date('2026-03-02T09:00Z'), ends_at: new Date('2026-03-02T10:00Z') }
// overlaps it for half an hour
exports.clash = { tenant: 'acme', room_id: 'blue', starts_at: new Date('2026-03-02T09:30Z'), ends_at: new Date('2026-03-02T10:30Z') }

// The guard's error, however the tool wraps it
exports.isConflict = function isConflict(error, id) {
  const found = appointmentError(error)
  assert.strictEqual(found?.kind, 'double_booking')
  assert.strictEqual(found.code, '23P01')
  assert.deepStrictEqual(found.detail, {
    key: { id: String(id) }, scope: 'acme', starts_at: '2026-03-02T09:30:00Z', ends_at: '2026-03-02T10:00:00Z', resources: ['blue']
  })
  assert.strictEqual(found.table, 'bookings')
  assert.strictEqual(found.constraint, 'bookings_no_overlap')
  assert.match(found.message, /^double booking: conflict/)
}
