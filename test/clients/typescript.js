// The package clients/typescript against the server: its types have the
// fields that the server has, and its helper understands every detail that an
// error can have.  Prints TAP.

'use strict'

const assert = require('node:assert')
const { readFileSync } = require('node:fs')
const pg = require('pg')
const ts = require('typescript')
const { appointmentError, mayRetry } = require('appointment-client')
const { failing, run, test } = require('./tap')

// ------------------------------------------------------------------
// fields.d.ts, as TypeScript reads it
// ------------------------------------------------------------------

const file = ts.createSourceFile('fields.d.ts', readFileSync('clients/typescript/fields.d.ts', 'utf8'), ts.ScriptTarget.ES2022)
const aliases = new Map(file.statements.map(({ name, type }) => [name.text, type]))

// unquoted WORDS: the words of a union of literals
const unquoted = name => (aliases.get(name).types ?? [aliases.get(name)]).map(type => type.literal.text)

// members TYPE: its fields and the text of their types, without null
function members(name) {
  return aliases.get(name).members.map(member => ({
    name: member.name.text, type: member.type.types.map(type => type.getText(file)).filter(text => text !== 'null').join()
  }))
}

// What a field of each type can hold, as the server writes it
const samples = {
  string: 'a "text"', number: 30, boolean: true, Instant: '2026-03-02T09:00:00Z', LocalTime: '2026-03-02T10:00:00', LocalDate: '2000-02-29',
  TimeZone: 'Europe/Berlin', Status: 'no_show', AppointmentFormat: 'avon', EventFormat: 'appointment_one', 'string[]': ['a', 'b'],
  JsonObject: { a: [1] }, 'Json[]': [{ b: null }]
}

// full TYPE FORMAT: a value with all of its fields
function full(type, format) {
  if (type === 'UnknownKeys') return { [format]: { colour: 'red' } }
  if (type in samples) return samples[type]
  if (type.endsWith('[]')) return [full(type.slice(0, -2), format)]
  return Object.fromEntries(members(type).map(field => [field.name, full(field.type, format)]))
}

// How appointment_fields() calls the type of a field
const sqlTypes = {
  string: 'text', number: 'bigint', boolean: 'boolean', Instant: 'timestamp with time zone', LocalTime: 'timestamp without time zone',
  TimeZone: 'text', Status: 'text', AppointmentFormat: 'text', EventFormat: 'text', 'string[]': 'text[]'
}
const sqlType = type => sqlTypes[type] ?? (type.endsWith('[]') ? 'list' : 'object')

run(async () => {
  const client = new pg.Client()
  await client.connect()
  const one = async (text, values) => Object.values((await client.query(text, values)).rows[0])[0]

  await test('the types have the fields of the server, in its order', async () => {
    for (const [name, list] of [['Appointment', 'appointment_fields'], ['AppointmentEvent', 'appointment_event_fields']]) {
      const { rows } = await client.query(`SELECT field AS name, type FROM ${list}()`)
      assert.deepStrictEqual(members(name).map(({ name, type }) => ({ name, type: sqlType(type) })), rows)
    }
  })

  await test('a value with all fields of the types, within others too, is one of the server', async () => {
    const appt = full('Appointment', 'avon')
    // what does not go with the others
    appt.ends_at = '2026-03-02T09:30:00Z'
    delete appt.duration
    delete appt.ends_at_time_zone
    assert.deepStrictEqual(await one('SELECT $1::appointment::json', [appt]), appt)
    const event = full('AppointmentEvent', 'appointment_one')
    assert.deepStrictEqual(await one('SELECT $1::appointment_event::json', [event]), event)
  })

  await test('so is one whose fields are null', async () => {
    const appt = Object.fromEntries(members('Appointment').map(({ name }) => [name, null]))
    const { rows } = await client.query('SELECT $1::appointment', [appt])
    assert.strictEqual(rows.length, 1)
  })

  await test('the words of formats and statuses', async () => {
    const { rows } = await client.query('SELECT format, document FROM appointment_formats()')
    const of = document => rows.filter(row => row.document === document).map(row => row.format)
    assert.deepStrictEqual(unquoted('AppointmentFormat'), of('appointment'))
    assert.deepStrictEqual(unquoted('EventFormat'), of('appointment_event'))
    const { rows: [{ statuses }] } = await client.query(
      `SELECT array_agg(DISTINCT s) AS statuses FROM appointment_lifecycle, unnest(ARRAY[from_status, to_status]) s
       WHERE lifecycle = 'default' AND s IS NOT NULL`)
    assert.deepStrictEqual(unquoted('CanonicalStatus').sort(), statuses.sort())
  })

  // ------------------------------------------------------------------
  // Errors
  // ------------------------------------------------------------------

  // raises STATEMENT KIND CODE DETAIL
  async function raises(statement, kind, code, detail) {
    const error = await failing(client.query(statement))
    const { message, hint, schema, table, column, constraint, ...found } = appointmentError(error)
    assert.deepStrictEqual(found, { kind, code, detail })
    assert.strictEqual(message, error.message)
    assert.deepStrictEqual({ hint, schema, table, column, constraint },
      { hint: error.hint, schema: error.schema, table: error.table, column: error.column, constraint: error.constraint })
  }

  await client.query(`
    CREATE TABLE visit (id int PRIMARY KEY, held occupancy);
    CREATE INDEX visit_held ON visit USING gist (held);
    CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE ON visit FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visit_held');
    INSERT INTO visit VALUES (1, occupancy('2026-03-02 09:00Z', '2026-03-02 10:00Z', ARRAY['blue'])),
      (2, occupancy_seats('2026-03-02 09:00Z', '2026-03-02 10:00Z', 'yoga', 2, 3));
    CREATE TABLE rented (held occupancy, EXCLUDE USING gist (held WITH &&));
    CREATE TABLE care (a appointment CHECK (a ->> 'note' <> ''));
    CREATE TRIGGER life BEFORE INSERT OR UPDATE ON care FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('a', 'default');
    INSERT INTO care VALUES ('{"status": "pending"}');
    UPDATE care SET a = appointment_set(a, 'status', '"scheduled"');
    INSERT INTO appointment_lifecycle (lifecycle, from_status, to_status, requires, not_after) VALUES
      ('mine', 'pending', 'scheduled', '{room_id}', NULL), ('mine', 'pending', 'cancelled', '{}', 'starts_at')`)

  await test('double bookings', async () => {
    await raises("INSERT INTO visit VALUES (3, occupancy('2026-03-02 09:30Z', '2026-03-02 10:30Z', ARRAY['blue']))", 'double_booking', '23P01',
      { key: { id: '1' }, scope: null, starts_at: '2026-03-02T09:30:00Z', ends_at: '2026-03-02T10:00:00Z', resources: ['blue'] })
    await raises("INSERT INTO visit VALUES (3, occupancy_seats('2026-03-02 09:30Z', '2026-03-02 10:30Z', 'yoga', 2, 3))",
      'double_booking', '23P01', {
        key: null, scope: null, starts_at: '2026-03-02T09:30:00Z', ends_at: '2026-03-02T10:00:00Z', resources: ['yoga'], seats_left: 1
      })
    await raises("INSERT INTO rented SELECT occupancy('2026-03-02 09:30Z', '2026-03-02 10:30Z', ARRAY['blue']) FROM generate_series(1, 2)",
      'double_booking', '23P01', null)
  })

  await test('bad documents and values', async () => {
    await raises(`SELECT appointment_from_json('{"id": 7}', 'caspen')`, 'document', '22P02', { format: 'caspen', path: 'id', code: 'wrong_type' })
    await raises(`SELECT '{"start_at": null}'::appointment`, 'document', '22P02', { path: 'start_at', code: 'unknown_member' })
    await raises("SELECT appointment_from_json(repeat('[', 1000), 'avon')", 'document', '54000', { format: 'avon', path: '', code: 'too_large' })
    await raises(`SELECT appointment_set('{"starts_at": "2026-03-02T10:00:00Z"}', 'ends_at', '"2026-03-02T09:00:00Z"')`,
      'document', '23514', { path: 'ends_at', code: 'ends_before_start' })
  })

  await test('the life cycle', async () => {
    await raises(`SELECT appointment_transition('{"status": "completed"}', 'scheduled')`, 'transition', '23514',
      { lifecycle: 'default', from: 'completed', to: 'scheduled', next: [] })
    await raises(`SELECT appointment_transition('{"status": "no_show"}', 'x')`, 'transition', '22023',
      { lifecycle: 'default', from: 'no_show', to: 'x', next: ['arrived', 'scheduled'] })
    await raises(`UPDATE care SET a = appointment_set(a, 'status', '"pending"')`, 'transition', '23514',
      { lifecycle: 'default', from: 'scheduled', to: 'pending', next: ['arrived', 'cancelled', 'in_progress', 'no_show'] })
    await raises(`SELECT appointment_transition('{"status": "pending"}', 'scheduled', lifecycle => 'mine')`, 'missing_field', '23514',
      { lifecycle: 'mine', from: 'pending', to: 'scheduled', missing: 'room_id' })
    const late = '{"status": "pending", "starts_at": "2026-03-02T09:00:00Z", "cancellation_notice": 60}'
    await raises(`SELECT appointment_transition('${late}', 'cancelled', '2026-03-03 09:00Z', lifecycle => 'mine', exempt => true)`, 'too_late', '23514',
      { lifecycle: 'mine', from: 'pending', to: 'cancelled', not_after: 'starts_at', deadline: '2026-03-02T09:00:00Z', code: 'too_late' })
    await raises(`SELECT appointment_transition('${late}', 'cancelled', '2026-03-02 08:30Z')`, 'too_late', '23514',
      { action: 'cancel', deadline: '2026-03-02T08:00:00Z', code: 'too_late' })
    await raises(`UPDATE care SET a = appointment_set(a, 'status_history', '[]')`, 'history', '23514', { history: 'missing', entry: 1 })
  })

  await test('errors of others are none of the extension', async () => {
    for (const statement of [
      'SELECT 1 / 0', "SELECT 'x'::int", "SELECT '{\"a'::json", `INSERT INTO care VALUES ('{"status": "pending", "note": ""}')`,
      "SELECT appointment_from_json('{}', 'ical')", `DO $$BEGIN RAISE 'no' USING ERRCODE = '23514', DETAIL = '{"mine": 1}'; END$$`
    ]) {
      const error = await failing(client.query(statement))
      assert.strictEqual(appointmentError(error), null, statement)
      assert.strictEqual(mayRetry(error), false, statement)
    }
    for (const none of [null, undefined, 'x', 7, {}, new Error('23P01'), { code: 'EPIPE' }, { code: '23514', detail: '{' }]) {
      assert.strictEqual(appointmentError(none), null)
      assert.strictEqual(mayRetry(none), false)
    }
    const round = new Error('round')
    round.cause = { original: round }
    assert.strictEqual(appointmentError(round), null)
  })

  await test('the error inside those of other libraries', async () => {
    const error = await failing(client.query(`SELECT '{"id": 7}'::appointment`))
    const fields = { code: '22P02', detail: '{"path":"id","code":"wrong_type"}', message: error.message }
    for (const wrapped of [
      { cause: error }, { original: error, parent: error }, { driverError: error }, { originalError: error },
      // PostgREST, PostGraphile
      { code: '22P02', details: fields.detail, message: error.message },
      { message: error.message, extensions: { code: '22P02', detail: JSON.parse(fields.detail) } },
      { message: error.message, errcode: '22P02', detail: fields.detail },
      // Prisma
      { code: 'P2010', meta: { driverAdapterError: { cause: { originalCode: '22P02', detail: fields.detail, message: error.message } } } }
    ]) {
      const { kind, code, detail, message } = appointmentError(wrapped)
      assert.deepStrictEqual({ kind, code, detail, message },
        { kind: 'document', code: '22P02', detail: { path: 'id', code: 'wrong_type' }, message: error.message })
    }
  })

  await test('what to run again', async () => {
    for (const [code, again] of [['40001', true], ['40P01', true], ['55P03', true], ['23P01', false]]) {
      const error = await failing(client.query(`DO $$BEGIN RAISE 'x' USING ERRCODE = '${code}'; END$$`))
      assert.strictEqual(mayRetry(error), again, code)
      assert.strictEqual(mayRetry(new Error('wrapped', { cause: { driverError: error } })), again, code)
    }
  })

  await client.end()
})
