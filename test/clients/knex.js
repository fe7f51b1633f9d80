// A client with Knex.  Prints TAP.

'use strict'

const assert = require('node:assert')
const { booking, clash, isConflict, other, value } = require('./samples')
const { failing, run, test } = require('./tap')

const knex = require('knex')({
  client: 'pg',
  connection: { host: process.env.PGHOST, port: process.env.PGPORT, user: process.env.PGUSER, database: process.env.PGDATABASE },
  pool: {
    afterCreate(connection, done) {
      connection.query("SELECT oid FROM pg_type WHERE oid = 'appointment'::regtype", (error, result) => {
        if (!error) connection.setTypeParser(result.rows[0].oid, JSON.parse)
        done(error, connection)
      })
    }
  }
})

run(async () => {
  await test('objects in and out', async () => {
    const [row] = await knex('diary').insert({ appt: value }).returning(['id', 'appt'])
    assert.deepStrictEqual(row.appt, value)
    const found = await knex('diary').where(knex.raw("appt ->> 'status'"), 'scheduled')
      .where(knex.raw('appointment_starts_at(appt)'), '>=', '2026-03-02').first()
    assert.deepStrictEqual(found.appt, value)
  })

  await test('a migration makes a column of the type', async () => {
    await knex.schema.createTable('visit', table => {
      table.bigIncrements('id')
      table.specificType('appt', 'appointment').notNullable()
    })
    await knex.raw('ALTER TABLE visit ADD CONSTRAINT visit_no_overlap EXCLUDE USING gist (appointment_occupancy(appt) WITH &&)')
    await knex('visit').insert([{ appt: value }, { appt: { id: 'app_3' } }])
    const error = await failing(knex('visit').insert({ appt: other }))
    assert.strictEqual(error.code, '23P01')
    assert.strictEqual(error.constraint, 'visit_no_overlap')
  })

  await test('a double booking: its fields', async () => {
    const [{ id }] = await knex('bookings').insert(booking).returning('id')
    const error = await failing(knex('bookings').insert(clash))
    assert.strictEqual(error.code, '23P01')
    assert.strictEqual(JSON.parse(error.detail).key.id, id)
    assert.match(error.message, /^insert into "bookings" .* - double booking: conflict/)
    error.message = error.message.replace(/^insert into .* - /, '')
    isConflict(error, id)
  })

  await test('a savepoint around a booking that may be refused', async () => {
    await knex.transaction(async trx => {
      await trx.raw("SELECT set_config('appointment.actor', ?, true)", ['usr_7'])
      const error = await failing(trx.transaction(savepoint => savepoint('bookings').insert(clash)))
      assert.strictEqual(error.code, '23P01')
      await trx('bookings').insert({ ...clash, room_id: 'red' })
    })
    assert.deepStrictEqual(await knex('bookings').select('room_id', 'booked_by').orderBy('id'),
      [{ room_id: 'blue', booked_by: null }, { room_id: 'red', booked_by: 'usr_7' }])
  })

  await knex.destroy()
})
