// The types of clients/typescript, as a program uses them: TypeScript is to
// accept all of it, and to refuse what follows @ts-expect-error.  Its values
// go through the server in typescript.js.

import {
  type Appointment, type AppointmentEvent, type Conflict, type DocumentProblem, type HistoryFault, type Json, type MissingField,
  type ProblemCode, type Transition, appointmentError, mayRetry
} from 'appointment-client'

// ------------------------------------------------------------------
// Canonical JSON
// ------------------------------------------------------------------

const appt: Appointment = {
  id: 'app_1', starts_at: '2026-03-02T09:00:00Z', status: 'my own word', note: null, resource_ids: ['blue'], confirmed: true,
  attendees: [{ id: 'usr_1', no_show: null }], claimant: { data: [{ id: 'q', required: false }] },
  source: 'avon', unknown: { avon: { colour: { red: [1, 'a', null] } } }
}
const event: AppointmentEvent = { id: '30min', duration: 30, links: [{ rel: 'self' }], source: 'appointment_one' }
// any JSON can be asked for
const json: { [key: string]: Json | undefined } = appt
const starts: string | null | undefined = appt.starts_at

const bad: Appointment[] = [
  // @ts-expect-error: no such field
  { start_at: '2026-03-02T09:00:00Z' },
  // @ts-expect-error: text
  { id: 7 },
  // @ts-expect-error: a number
  { duration: '30' },
  // @ts-expect-error: no such format
  { source: 'ical' },
  // @ts-expect-error: the format of events
  { source: 'appointment_one' },
  // @ts-expect-error: the item of a list is never null
  { resource_ids: [null] },
  // @ts-expect-error: no such key of an attendee
  { attendees: [{ no_shows: true }] },
  // @ts-expect-error: absent, or null
  { note: undefined }
]

// ------------------------------------------------------------------
// Errors
// ------------------------------------------------------------------

export function byKind(error: unknown): string | null {
  const found = appointmentError(error)
  switch (found?.kind) {
    case undefined:
      return mayRetry(error) ? 'again' : null
    case 'double_booking': {
      const code: '23P01' = found.code
      const conflict: Conflict | null = found.detail
      const id: string | undefined = conflict?.key?.['id']
      const seats: number | null | undefined = conflict?.seats_left
      return `${code} ${id} ${seats} ${conflict?.resources?.join()} ${found.constraint?.length}`
    }
    case 'document': {
      const problem: DocumentProblem = found.detail
      const code: ProblemCode = problem.code
      return `${problem.format} ${problem.path} ${code}`
    }
    case 'transition': {
      const { next, from }: Transition = found.detail
      return `${from} ${next.join()}`
    }
    case 'missing_field': {
      const { missing }: MissingField = found.detail
      return missing
    }
    case 'too_late':
      return 'action' in found.detail ? `${found.detail.action} ${found.detail.deadline}` :
        `${found.detail.to} ${found.detail.not_after}`
    case 'history': {
      const { entry }: HistoryFault = found.detail
      return String(entry)
    }
    default: {
      // a kind that is not here
      const never: never = found
      return never
    }
  }
}

export function byCode(error: unknown): unknown {
  const found = appointmentError(error)
  if (found === null) throw error
  if (found.code === '23P01') return found.detail?.resources
  if (found.code === '22P02') return found.detail.path
  if (found.code === '22023') return found.detail.next
  // @ts-expect-error: which of them it is, is not known
  return found.detail.next
}

export default { appt, event, json, starts, bad }
