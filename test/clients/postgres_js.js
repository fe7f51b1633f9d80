// A client with postgres.js.  Prints TAP.

'use strict'

const assert = require('node:assert')
const postgres = require('postgres')
const { booking, clash, isConflict, other, value } = require('./samples')
const { failing, run, test } = require('./tap')

run(async () => {
  // The oid is the database's own
  const start = postgres({ max: 1 })
  const [{ oid }] = await start`SELECT oid::int FROM pg_type WHERE oid = 'appointment'::regtype`

  await test('without the type: sql.json, and a string of JSON', async () => {
    const [row] = await start`INSERT INTO diary (appt) VALUES (${start.json(value)}) RETURNING appt, appt::json AS json`
    assert.deepStrictEqual(JSON.parse(row.appt), value)
    assert.deepStrictEqual(row.json, value)
    await start`TRUNCATE diary`
  })
  await start.end()

  const sql = postgres({
    types: { appointment: { to: oid, from: [oid], serialize: JSON.stringify, parse: JSON.parse } }
  })

  await test('with the type: objects in and out', async () => {
    const [row] = await sql`INSERT INTO diary (appt) VALUES (${sql.typed.appointment(value)}) RETURNING appt`
    assert.deepStrictEqual(row.appt, value)
    const [{ a, none }] = await sql`SELECT ${value}::appointment AS a, NULL::appointment AS none`
    assert.deepStrictEqual(a, value)
    assert.strictEqual(none, null)
  })

  await test('an array of objects', async () => {
    const [{ list }] = await sql`SELECT array_agg(appt) AS list FROM diary`
    assert.deepStrictEqual(list, [value])
  })

  await test('the constraint alone', async () => {
    const error = await failing(sql`INSERT INTO diary (appt) VALUES (${other})`)
    assert(error instanceof postgres.PostgresError)
    assert.strictEqual(error.code, '23P01')
    assert.strictEqual(error.constraint_name, 'diary_no_overlap')
  })

  await test('a double booking: its fields', async () => {
    const [{ id }] = await sql`INSERT INTO bookings ${sql(booking)} RETURNING id`
    const error = await failing(sql`INSERT INTO bookings ${sql(clash)}`)
    assert.strictEqual(error.code, '23P01')
    assert.strictEqual(JSON.parse(error.detail).key.id, id)
    isConflict(error, id)
  })

  await test('a savepoint around a booking that may be refused', async () => {
    await sql.begin(async sql => {
      await sql`SELECT set_config('appointment.actor', ${'usr_7'}, true)`
      const error = await failing(sql.savepoint(sql => sql`INSERT INTO bookings ${sql(clash)}`))
      assert.strictEqual(error.code, '23P01')
      await sql`INSERT INTO bookings ${sql({ ...clash, room_id: 'red' })}`
    })
    assert.deepStrictEqual([...await sql`SELECT room_id, booked_by FROM bookings ORDER BY id`],
      [{ room_id: 'blue', booked_by: null }, { room_id: 'red', booked_by: 'usr_7' }])
  })

  await sql.end()
})
