// A client with Kysely.  Prints TAP.

import assert from 'node:assert'
import { type Appointment, appointmentError } from 'appointment-client'
import { type Generated, Kysely, PostgresDialect, sql } from 'kysely'
import { Pool, types } from 'pg'
import { booking, clash, isConflict, other, value } from './samples'
import { failing, run, test } from './tap'

interface Database {
  diary: { id: Generated<string>, appt: Appointment }
  bookings: {
    id: Generated<string>, tenant: string, room_id: string, starts_at: Date, ends_at: Date, booked_by: Generated<string | null>
  }
}

run(async () => {
  const pool = new Pool()
  const { rows: [{ oid }] } = await pool.query("SELECT oid FROM pg_type WHERE oid = 'appointment'::regtype")
  types.setTypeParser(oid, JSON.parse)
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })

  await test('objects in and out', async () => {
    const made = await db.insertInto('diary').values({ appt: value }).returning('appt').executeTakeFirstOrThrow()
    const appt: Appointment = made.appt
    assert.deepStrictEqual(appt, value)
    const found = await db.selectFrom('diary').select('appt')
      .where(sql<Date>`appointment_starts_at(appt)`, '>=', new Date('2026-03-02'))
      .where(sql<string>`appt ->> 'status'`, '=', 'scheduled').execute()
    assert.deepStrictEqual(found, [{ appt: value }])
  })

  await test('the constraint alone', async () => {
    const error = await failing(db.insertInto('diary').values({ appt: other }).execute())
    assert.strictEqual(error.code, '23P01')
    assert.strictEqual(error.constraint, 'diary_no_overlap')
    assert.strictEqual(appointmentError(error)?.detail, null)
  })

  await test('a double booking: its fields', async () => {
    const { id } = await db.insertInto('bookings').values(booking).returning('id').executeTakeFirstOrThrow()
    const error = await failing(db.insertInto('bookings').values(clash).execute())
    assert.strictEqual(error.code, '23P01')
    assert.strictEqual(JSON.parse(error.detail).key.id, id)
    isConflict(error, id)
  })

  await test('a savepoint around a booking that may be refused', async () => {
    const trx = await db.startTransaction().execute()
    await sql`SELECT set_config('appointment.actor', ${'usr_7'}, true)`.execute(trx)
    const savepoint = await trx.savepoint('booking').execute()
    const error = await failing(savepoint.insertInto('bookings').values(clash).execute())
    assert.strictEqual(error.code, '23P01')
    const rest = await savepoint.rollbackToSavepoint('booking').execute()
    await rest.insertInto('bookings').values({ ...clash, room_id: 'red' }).execute()
    await trx.commit().execute()
    assert.deepStrictEqual(await db.selectFrom('bookings').select(['room_id', 'booked_by']).orderBy('id').execute(),
      [{ room_id: 'blue', booked_by: null }, { room_id: 'red', booked_by: 'usr_7' }])
  })

  await db.destroy()
})
