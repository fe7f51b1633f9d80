// A client with Drizzle.  Prints TAP.

import assert from 'node:assert'
import { type Appointment, appointmentError } from 'appointment-client'
import { DrizzleQueryError, gte, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { bigint, customType, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import { DatabaseError, Pool } from 'pg'
import { booking, clash, isConflict, other, value } from './samples'
import { failing, run, test } from './tap'

const appointment = customType<{ data: Appointment, driverData: string }>({
  dataType: () => 'appointment',
  toDriver: value => JSON.stringify(value),
  fromDriver: text => JSON.parse(text)
})

const diary = pgTable('diary', {
  id: bigint({ mode: 'bigint' }).generatedAlwaysAsIdentity().primaryKey(),
  appt: appointment().notNull()
})

const bookings = pgTable('bookings', {
  id: bigint({ mode: 'bigint' }).generatedAlwaysAsIdentity().primaryKey(),
  tenant: text().notNull(),
  room_id: text().notNull(),
  starts_at: timestamp({ withTimezone: true }).notNull(),
  ends_at: timestamp({ withTimezone: true }).notNull(),
  booked_by: text().default(sql`nullif(current_setting('appointment.actor', true), '')`)
})

run(async () => {
  const pool = new Pool()
  const db = drizzle(pool)

  await test('objects in and out', async () => {
    const [row] = await db.insert(diary).values({ appt: value }).returning()
    const appt: Appointment | undefined = row?.appt
    assert.deepStrictEqual(appt, value)
    const found = await db.select().from(diary)
      .where(gte(sql`appointment_starts_at(${diary.appt})`, new Date('2026-03-02').toISOString()))
    assert.deepStrictEqual(found[0]?.appt, value)
  })

  await test('the constraint alone', async () => {
    const error = await failing(db.insert(diary).values({ appt: other }))
    assert(error instanceof DrizzleQueryError && error.cause instanceof DatabaseError)
    assert.strictEqual(error.cause.constraint, 'diary_no_overlap')
    assert.strictEqual(appointmentError(error)?.detail, null)
  })

  await test('a double booking: its fields', async () => {
    const [made] = await db.insert(bookings).values(booking).returning()
    const error = await failing(db.insert(bookings).values(clash))
    assert.strictEqual(error.code, undefined)
    assert.strictEqual(error.cause.code, '23P01')
    assert.strictEqual(JSON.parse(error.cause.detail).key.id, String(made?.id))
    isConflict(error, made?.id)
  })

  await test('a savepoint around a booking that may be refused', async () => {
    await db.transaction(async tx => {
      await tx.execute(sql`SELECT set_config('appointment.actor', ${'usr_7'}, true)`)
      const error = await failing(tx.transaction(async savepoint => {
        await savepoint.insert(bookings).values(clash)
      }))
      assert.strictEqual(error.cause.code, '23P01')
      await tx.insert(bookings).values({ ...clash, room_id: 'red' })
    })
    const rows = await db.select({ room_id: bookings.room_id, booked_by: bookings.booked_by }).from(bookings).orderBy(bookings.id)
    assert.deepStrictEqual(rows, [{ room_id: 'blue', booked_by: null }, { room_id: 'red', booked_by: 'usr_7' }])
  })

  await pool.end()
})
