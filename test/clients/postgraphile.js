// A client of PostGraphile 4, over HTTP.  Prints TAP.

'use strict'

const assert = require('node:assert')
const { once } = require('node:events')
const { createServer } = require('node:http')
const { Pool } = require('pg')
const { postgraphile } = require('postgraphile')
const { appointmentError } = require('appointment-client')
const { booking, clash, isConflict, other, value } = require('./samples')
const { run, test } = require('./tap')

// The types are PostGraphile's JSON: it would take them for strings, and then
// get objects from the database.
function AppointmentPlugin(builder) {
  builder.hook('build', build => {
    const { pgSql: sql, pgIntrospectionResultsByKind: { type: types } } = build
    for (const { id, name, namespaceName } of types) {
      if (name !== 'appointment' && name !== 'appointment_event') continue
      build.pgRegisterGqlTypeByTypeId(id, () => build.pgGetGqlTypeByTypeId('114', null))    // json
      build.pg2GqlMapper[id] = {
        map: value => value,
        unmap: value => sql.fragment`${sql.value(JSON.stringify(value))}::${sql.identifier(namespaceName, name)}`
      }
    }
    return build
  }, ['AppointmentPlugin'], [], ['PgTypes'])
}

run(async () => {
  const pool = new Pool()
  const server = createServer(postgraphile(pool, 'public', {
    appendPlugins: [AppointmentPlugin],
    dynamicJson: true,
    disableQueryLog: true,
    extendedErrors: ['errcode', 'detail', 'hint', 'schema', 'table', 'column', 'constraint'],
    pgSettings: request => ({ 'appointment.actor': request.headers['x-user'] ?? '' })
  }))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  // request QUERY VARIABLES: the answer
  async function request(query, variables, headers) {
    const response = await fetch(`http://127.0.0.1:${server.address().port}/graphql`, {
      method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify({ query, variables })
    })
    return response.json()
  }

  const store = 'mutation ($appt: JSON!) { createDiary(input: { diary: { appt: $appt } }) { diary { id appt } } }'
  const book = `mutation ($booking: BookingInput!) {
    createBooking(input: { booking: $booking }) { booking { id roomId bookedBy } }
  }`
  const input = ({ tenant, room_id: roomId, starts_at: startsAt, ends_at: endsAt }) => ({ tenant, roomId, startsAt, endsAt })

  await test('objects in and out', async () => {
    const { data, errors } = await request(store, { appt: value })
    assert.strictEqual(errors, undefined)
    assert.deepStrictEqual(data.createDiary.diary.appt, value)
    const { data: { allDiaries: { nodes } } } = await request('{ allDiaries { nodes { appt } } }')
    assert.deepStrictEqual(nodes, [{ appt: value }])
    const found = await request('query ($appt: JSON!) { allDiaries(condition: { appt: $appt }) { totalCount } }', { appt: value })
    assert.strictEqual(found.data.allDiaries.totalCount, 1)
  })

  await test('the constraint alone', async () => {
    const { errors: [error] } = await request(store, { appt: other })
    assert.strictEqual(error.errcode, '23P01')
    assert.strictEqual(error.constraint, 'diary_no_overlap')
    assert.strictEqual(appointmentError(error).detail, null)
  })

  await test('a double booking: its fields', async () => {
    const { data } = await request(book, { booking: input(booking) }, { 'x-user': 'usr_7' })
    assert.strictEqual(data.createBooking.booking.bookedBy, 'usr_7')
    const { errors: [error] } = await request(book, { booking: input(clash) })
    assert.strictEqual(error.errcode, '23P01')
    assert.strictEqual(JSON.parse(error.detail).key.id, data.createBooking.booking.id)
    isConflict(error, data.createBooking.booking.id)
  })

  await test('a bad value', async () => {
    const { errors: [error] } = await request(store, { appt: { start_at: '2026-03-02T09:00:00Z' } })
    assert.deepStrictEqual(appointmentError(error).detail, { path: 'start_at', code: 'unknown_member' })
  })

  server.closeAllConnections()
  server.close()
  await pool.end()
})
