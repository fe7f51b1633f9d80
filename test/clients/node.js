// A client in Node.js with pg: parameters, results, prepared statements,
// transactions, the fields of an error, and a pool that races for a slot.
// Prints TAP.

'use strict'

const assert = require('node:assert')
const { readFileSync } = require('node:fs')
const pg = require('pg')
const { failing, run, test } = require('./tap')

const document = JSON.parse(readFileSync('test/data/avon.json', 'utf8'))
const book = `INSERT INTO booking (resources, starts_at, ends_at)
              VALUES ($1, $2, $3) RETURNING id`

async function main() {
  const client = new pg.Client()
  await client.connect()

  // ------------------------------------------------------------------
  // Parameters and results
  // ------------------------------------------------------------------

  await test('a document as an object, read by pg as JSON', async () => {
    const { rows } = await client.query(
      "SELECT appointment_to_json(appointment_from_json($1::json, 'avon'), 'avon') AS doc", [document])
    assert.deepStrictEqual(rows[0].doc, document)
  })

  await test('a document as a string, in a parameter without a type', async () => {
    const { rows } = await client.query(
      'SELECT appointment_to_json(appointment_from_json($1, $2), $2) AS doc', [JSON.stringify(document), 'avon'])
    assert.deepStrictEqual(rows[0].doc, document)
  })

  await test('an object for a parameter of type appointment', async () => {
    const value = { id: 'app_1', starts_at: '2026-03-02T09:00:00Z', ends_at: '2026-03-02T10:00:00Z', note: "it's \"$1\" \\ ü" }
    const { rows } = await client.query('SELECT $1::appointment::json AS value', [value])
    assert.deepStrictEqual(rows[0].value, value)
  })

  await test('without a parser a value is a string of JSON', async () => {
    const { rows } = await client.query(`SELECT '{"id":"app_1"}'::appointment AS value`)
    assert.strictEqual(rows[0].value, '{"id":"app_1"}')
  })

  // The oids are this database's own
  const { rows: types } = await client.query(
    `SELECT typname, oid, typarray FROM pg_type
     WHERE oid IN ('appointment'::regtype, 'appointment_event'::regtype)`)
  const parseArray = pg.types.getTypeParser(1009)
  for (const { oid, typarray } of types) {
    client.setTypeParser(oid, JSON.parse)
    client.setTypeParser(typarray, text => parseArray(text).map(element => element && JSON.parse(element)))
  }

  await test('with a parser by oid it is an object', async () => {
    const { rows } = await client.query(
      `SELECT '{"id":"app_1"}'::appointment AS a, '{"id":"30min"}'::appointment_event AS e, NULL::appointment AS n`)
    assert.deepStrictEqual(rows[0], { a: { id: 'app_1' }, e: { id: '30min' }, n: null })
  })

  await test('and an array of objects', async () => {
    const { rows } = await client.query(
      `SELECT ARRAY['{"id":"a, \\"b\\""}', NULL]::appointment[] AS list`)
    assert.deepStrictEqual(rows[0].list, [{ id: 'a, "b"' }, null])
  })

  await test('an array of objects as a parameter', async () => {
    const list = [{ id: 'a' }, { id: 'b, "c"' }]
    const { rows } = await client.query('SELECT $1::appointment[] AS list', [list])
    assert.deepStrictEqual(rows[0].list, list)
  })

  await test('accessors give dates, text and ranges', async () => {
    const { rows } = await client.query(
      `SELECT appointment_starts_at(a) AS at, appointment_status(a) AS status, a -> 'attendees' AS attendees
       FROM appointment_from_json($1, 'avon') AS a`, [JSON.stringify(document)])
    assert.strictEqual(rows[0].at.getTime(), document.start_time)
    assert.strictEqual(rows[0].status, 'scheduled')
    assert.strictEqual(rows[0].attendees.length, document.attendees.length)
  })

  await test('binary results', async () => {
    const { rows } = await client.query({
      text: 'SELECT $1::appointment AS a', values: [{ id: 'x' }], binary: true, types: { getTypeParser: () => bytes => bytes }
    })
    assert.strictEqual(rows[0].a[0], 1)
    assert.strictEqual(rows[0].a.subarray(1).toString(), '{"id":"x"}')
  })

  // ------------------------------------------------------------------
  // Prepared statements and transactions
  // ------------------------------------------------------------------

  await test('a named statement runs again and again', async () => {
    const store = { name: 'store', text: 'INSERT INTO diary (a) VALUES ($1) RETURNING a' }
    for (let day = 1; day <= 20; day++) {
      const date = `2026-03-${String(day).padStart(2, '0')}`
      const value = { id: `app_${day}`, starts_at: `${date}T09:00:00Z`, ends_at: `${date}T10:00:00Z`, status: 'scheduled', room_id: 'blue' }
      const { rows } = await client.query({ ...store, values: [value] })
      assert.deepStrictEqual(rows[0].a, value)
    }
    const error = await failing(client.query({ ...store, values: [{ starts_at: '2026-03-20T09:30:00Z', ends_at: '2026-03-20T10:30:00Z', room_id: 'blue' }] }))
    assert.strictEqual(error.code, '23P01')
    const { rows } = await client.query('SELECT count(*)::int AS count FROM diary')
    assert.strictEqual(rows[0].count, 20)
  })

  await test('a savepoint around a booking that may be refused', async () => {
    await client.query('BEGIN')
    await client.query("SELECT set_config('appointment.actor', $1, true)", ['usr_7'])
    await client.query(book, [['blue', 'pra_1'], '2026-03-02T09:00Z', '2026-03-02T10:00Z'])
    await client.query('SAVEPOINT try')
    const error = await failing(client.query(book, [['blue'], '2026-03-02T09:30Z', '2026-03-02T10:30Z']))
    assert.strictEqual(error.code, '23P01')
    await client.query('ROLLBACK TO try')
    await client.query(book, [['red'], '2026-03-02T09:30Z', '2026-03-02T10:30Z'])
    await client.query('COMMIT')
    const { rows } = await client.query('SELECT resources, booked_by FROM booking ORDER BY id')
    assert.deepStrictEqual(rows, [{ resources: ['blue', 'pra_1'], booked_by: 'usr_7' }, { resources: ['red'], booked_by: 'usr_7' }])
  })

  await test('Date objects as bounds', async () => {
    const { rows } = await client.query(
      'SELECT occupancy($1, $2, $3)::text AS o', [new Date(Date.UTC(2026, 2, 2, 9)), new Date(Date.UTC(2026, 2, 2, 10)), ['a "b"']])
    assert.strictEqual(rows[0].o, '[2026-03-02T09:00:00Z,2026-03-02T10:00:00Z){"a \\"b\\""}')
  })

  // ------------------------------------------------------------------
  // Errors
  // ------------------------------------------------------------------

  await test('double booking: the fields of the error', async () => {
    const error = await failing(client.query(book, [['blue'], '2026-03-02T09:30Z', '2026-03-02T10:30Z']))
    assert(error instanceof pg.DatabaseError)
    assert.strictEqual(error.code, '23P01')
    assert.strictEqual(error.schema, 'public')
    assert.strictEqual(error.table, 'booking')
    assert.strictEqual(error.constraint, 'booking_no_overlap')
    assert.strictEqual(error.column, undefined)
    const { key, ...detail } = JSON.parse(error.detail)
    assert.match(key.id, /^\d+$/)
    assert.deepStrictEqual(detail, { scope: 'acme', starts_at: '2026-03-02T09:30:00Z', ends_at: '2026-03-02T10:00:00Z', resources: ['blue'] })
  })

  await test('double booking of a column of type occupancy: the column, too', async () => {
    const hold = 'INSERT INTO hold (held) VALUES (occupancy($1, $2, $3))'
    await client.query(hold, ['2026-03-02T09:00Z', '2026-03-02T10:00Z', ['blue']])
    const error = await failing(client.query(hold, ['2026-03-02T09:00Z', '2026-03-02T10:00Z', ['blue']]))
    assert.strictEqual(error.column, 'held')
    assert.strictEqual(error.constraint, 'hold_no_overlap')
  })

  await test('a bad document: the path in the detail', async () => {
    const error = await failing(client.query(
      "SELECT appointment_from_json($1::json, 'avon')", [{ ...document, attendees: [{ id: 7 }] }]))
    assert.strictEqual(error.code, '22P02')
    assert.deepStrictEqual(JSON.parse(error.detail), { format: 'avon', path: 'attendees[0].id', code: 'wrong_type' })
  })

  await test('all problems as rows', async () => {
    const { rows } = await client.query(
      "SELECT path, code FROM appointment_validate($1::json, 'avon') WHERE severity = 'error' ORDER BY path",
      [{ ...document, attendees: [{ id: 7 }], end_time: 'soon' }])
    assert.deepStrictEqual(rows, [{ path: 'attendees[0].id', code: 'wrong_type' }, { path: 'end_time', code: 'wrong_type' }])
  })

  await test('an unknown format: the hint', async () => {
    const error = await failing(client.query("SELECT appointment_from_json('{}', 'avalon')"))
    assert.strictEqual(error.code, '22023')
    assert.match(error.hint, /avon/)
  })

  await test('a step that the life cycle does not have', async () => {
    const error = await failing(client.query(`SELECT appointment_transition('{"status":"completed"}', 'pending')`))
    assert.strictEqual(error.code, '23514')
    assert.strictEqual(JSON.parse(error.detail).from, 'completed')
  })

  // ------------------------------------------------------------------
  // A pool that races
  // ------------------------------------------------------------------

  await client.query('TRUNCATE booking, diary')
  const pool = new pg.Pool({ max: 10 })

  // race BODY: ten clients at once; how many won, and what the others got
  async function race(body) {
    const clients = await Promise.all(Array.from({ length: 10 }, () => pool.connect()))
    const results = await Promise.allSettled(clients.map(body))
    clients.forEach(each => each.release())
    return {
      won: results.filter(result => result.status === 'fulfilled').length,
      codes: [...new Set(results.filter(result => result.status === 'rejected').map(result => result.reason.code))]
    }
  }

  await test('guard and constraint: of ten who race one wins, 50 times, and nobody else is a deadlock', async () => {
    for (let round = 0; round < 50; round++) {
      const at = new Date(Date.UTC(2026, 3, 1, round))
      const { won, codes } = await race((each, i) =>
        each.query(book, [['blue', `pra_${i}`], at, new Date(at.getTime() + 1800000)]))
      assert.strictEqual(won, 1)
      assert.deepStrictEqual(codes, ['23P01'])
    }
  })

  await test('the same in transactions that hold on', async () => {
    for (let round = 0; round < 20; round++) {
      const at = new Date(Date.UTC(2026, 4, 1, round))
      const { won, codes } = await race(async (each, i) => {
        await each.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
        try {
          await each.query(book, [['blue', `pra_${i}`], at, new Date(at.getTime() + 1800000)])
          await each.query('COMMIT')
        } catch (error) {
          await each.query('ROLLBACK')
          throw error
        }
      })
      assert.strictEqual(won, 1)
      assert.deepStrictEqual(codes, ['23P01'])
    }
  })

  await test('a pool with a parser of its own', async () => {
    const parsers = new Map()
    const parsing = new pg.Pool({
      max: 2,
      types: { getTypeParser: (oid, format) => parsers.get(oid) ?? pg.types.getTypeParser(oid, format) }
    })
    const { rows: found } = await parsing.query("SELECT oid FROM pg_type WHERE oid = 'appointment'::regtype")
    parsers.set(found[0].oid, JSON.parse)
    const query = `SELECT '{"id":"app_1"}'::appointment AS a, 7 AS n, pg_backend_pid() AS pid FROM pg_sleep(0.1)`
    const results = await Promise.all([parsing.query(query), parsing.query(query)])
    assert.notStrictEqual(results[0].rows[0].pid, results[1].rows[0].pid)
    for (const { rows } of results) {
      assert.deepStrictEqual(rows[0].a, { id: 'app_1' })
      assert.strictEqual(rows[0].n, 7)
    }
    const { rows } = await pool.query("SELECT '{}'::appointment AS a")
    assert.strictEqual(rows[0].a, '{}')
    await parsing.end()
  })

  await test('a transaction of a pool: the actor ends with it', async () => {
    const one = new pg.Pool({ max: 1 })
    const each = await one.connect()
    await each.query('BEGIN')
    await each.query("SELECT set_config('appointment.actor', $1, true)", ['usr_9'])
    const { rows } = await each.query(`${book}, booked_by`, [['green'], '2026-03-02T09:00Z', '2026-03-02T10:00Z'])
    assert.strictEqual(rows[0].booked_by, 'usr_9')
    const error = await failing(each.query(book, [['green'], '2026-03-02T09:30Z', '2026-03-02T10:30Z']))
    assert.strictEqual(error.code, '23P01')
    await each.query('ROLLBACK')
    each.release()
    const { rows: [after] } = await one.query("SELECT current_setting('appointment.actor', true) AS actor")
    assert.strictEqual(after.actor, '')
    await one.end()
  })

  await test('the constraint and DO NOTHING: one row is returned', async () => {
    for (let round = 0; round < 20; round++) {
      const at = new Date(Date.UTC(2026, 3, 1, round)).toISOString()
      const end = new Date(Date.UTC(2026, 3, 1, round, 30)).toISOString()
      let returned = 0
      const { won } = await race(async each => {
        const { rowCount } = await each.query('INSERT INTO diary (a) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id',
          [{ starts_at: at, ends_at: end, room_id: 'blue' }])
        returned += rowCount
      })
      assert.strictEqual(won, 10)
      assert.strictEqual(returned, 1)
    }
  })

  await test('afterwards nothing overlaps', async () => {
    const { rows } = await client.query(
      `SELECT (SELECT count(*)::int FROM booking) AS bookings, (SELECT count(*)::int FROM diary) AS appointments,
              (SELECT count(*)::int FROM occupancy_conflicts('booking_no_overlap')) +
              (SELECT count(*)::int FROM occupancy_conflicts('diary_no_overlap')) AS overlaps`)
    assert.deepStrictEqual(rows[0], { bookings: 70, appointments: 20, overlaps: 0 })
  })

  await pool.end()
  await client.end()
}

run(main)
