// A client with Sequelize.  Prints TAP.

'use strict'

const assert = require('node:assert')
const { DataTypes, ExclusionConstraintError, Sequelize, Utils } = require('sequelize')
const { booking, clash, isConflict, other, value } = require('./samples')
const { failing, run, test } = require('./tap')

// A type of one's own: its name in the database is its key
class Appointment extends DataTypes.ABSTRACT {
  toSql() { return 'appointment' }
  _stringify(value) { return JSON.stringify(value) }
  static parse(text) { return JSON.parse(text) }
}
Appointment.prototype.key = Appointment.key = 'appointment'
Appointment.types = { postgres: ['appointment'] }
DataTypes.postgres.APPOINTMENT = Appointment
DataTypes.APPOINTMENT = Utils.classToInvokable(Appointment)

const { PGHOST, PGPORT, PGUSER, PGDATABASE } = process.env
const sequelize = new Sequelize(PGDATABASE, PGUSER, null, {
  dialect: 'postgres', host: PGHOST, port: PGPORT, logging: false, define: { timestamps: false, freezeTableName: true }
})

const Diary = sequelize.define('diary', {
  id: { type: DataTypes.BIGINT, primaryKey: true, autoIncrementIdentity: true, autoIncrement: true },
  appt: { type: DataTypes.APPOINTMENT, allowNull: false }
})
const Booking = sequelize.define('bookings', {
  id: { type: DataTypes.BIGINT, primaryKey: true, autoIncrementIdentity: true, autoIncrement: true },
  tenant: DataTypes.TEXT,
  room_id: DataTypes.TEXT,
  starts_at: DataTypes.DATE,
  ends_at: DataTypes.DATE,
  booked_by: DataTypes.TEXT
}, { defaultScope: { order: ['id'] } })

run(async () => {
  await test('objects in and out', async () => {
    const made = await Diary.create({ appt: value })
    assert.deepStrictEqual((await Diary.findByPk(made.id)).appt, value)
    made.appt = { ...value, status: 'arrived' }
    await made.save()
    assert.strictEqual((await Diary.findByPk(made.id)).appt.status, 'arrived')
    assert.deepStrictEqual((await Diary.findOne({
      where: Sequelize.where(Sequelize.fn('appointment_starts_at', Sequelize.col('appt')), '>=', new Date('2026-03-02'))
    })).appt, { ...value, status: 'arrived' })
  })

  await test('the constraint alone', async () => {
    const error = await failing(Diary.create({ appt: other }))
    assert(error instanceof ExclusionConstraintError)
    assert.strictEqual(error.constraint, 'diary_no_overlap')
  })

  await test('a double booking: its fields', async () => {
    const made = await Booking.create({ ...booking, booked_by: null })
    const error = await failing(Booking.create(clash))
    assert(error instanceof ExclusionConstraintError)
    assert.strictEqual(error.constraint, 'bookings_no_overlap')
    assert.strictEqual(JSON.parse(error.parent.detail).key.id, made.id)
    isConflict(error, made.id)
  })

  await test('a savepoint around a booking that may be refused', async () => {
    await sequelize.transaction(async transaction => {
      await sequelize.query("SELECT set_config('appointment.actor', $1, true)", { bind: ['usr_7'], transaction })
      const error = await failing(sequelize.transaction({ transaction }, savepoint =>
        Booking.create(clash, { transaction: savepoint })))
      assert(error instanceof ExclusionConstraintError)
      await Booking.create({ ...clash, room_id: 'red' }, { transaction })
    })
    const rows = await Booking.findAll({ raw: true, attributes: ['room_id', 'booked_by'] })
    assert.deepStrictEqual(rows, [{ room_id: 'blue', booked_by: null }, { room_id: 'red', booked_by: 'usr_7' }])
  })

  await sequelize.close()
})
