import type { Instant, ProblemCode, Status } from './fields'

export * from './fields'

// ------------------------------------------------------------------
// The details of errors
// ------------------------------------------------------------------

/** The guard's detail: what is in the way. All are null if the user may not see it. */
export type Conflict = {
  /** the primary key of the booking in the way, as text; null if too few seats are left, or the table has none */
  key: { [column: string]: string } | null
  scope: string | null
  /** the period in which both overlap */
  starts_at: Instant | null
  ends_at: Instant | null
  /** what both want; null: every resource */
  resources: string[] | null
  /** only if seats are wanted: how many would fit for the whole period */
  seats_left?: number | null
}

/** What is wrong with a document, a request or a value */
export type DocumentProblem = {
  /** absent for canonical JSON */
  format?: string
  /** such as attendees[0].id; empty for the document as a whole */
  path: string
  code: ProblemCode
}

/** A row of appointment_validate and its like */
export type Problem = {
  path: string
  code: ProblemCode
  severity: 'error' | 'warning'
  message: string
}

/** A transition that the life cycle does not have */
export type Transition = {
  lifecycle: string
  /** null: a new row */
  from: Status | null
  to: Status | null
  /** what can follow */
  next: Status[]
}

/** A transition that requires a field */
export type MissingField = {
  lifecycle: string
  from: Status | null
  to: Status
  missing: string
}

/** A transition after its deadline */
export type TransitionTooLate = {
  lifecycle: string
  from: Status | null
  to: Status
  /** the field that the deadline is counted from */
  not_after: string
  /** until when it was possible; null: before the year 1 */
  deadline: Instant | null
  code: 'too_late'
}

/** A cancellation or a move without the appointment's own notice */
export type NoticeTooLate = {
  action: 'cancel' | 'reschedule'
  deadline: Instant | null
  code: 'too_late'
}

/** A history that was not just added to */
export type HistoryFault = {
  history: 'missing' | 'differs' | 'backwards' | 'status' | 'malformed' | 'null' | 'array'
  /** number of the entry, from 1 */
  entry: number
}

// ------------------------------------------------------------------
// Errors
// ------------------------------------------------------------------

interface Fields<Kind extends string, Code extends string, Detail> {
  kind: Kind
  /** the SQLSTATE */
  code: Code
  /** the parsed detail */
  detail: Detail
  message: string
  hint: string | undefined
  schema: string | undefined
  table: string | undefined
  column: string | undefined
  constraint: string | undefined
}

/** The detail is null without a guard: the error is that of any exclusion constraint */
export type DoubleBookingError = Fields<'double_booking', '23P01', Conflict | null>
export type DocumentError = Fields<'document', '22P02' | '54000' | '23514', DocumentProblem>
export type TransitionError = Fields<'transition', '23514' | '22023', Transition>
export type MissingFieldError = Fields<'missing_field', '23514', MissingField>
export type TooLateError = Fields<'too_late', '23514', TransitionTooLate | NoticeTooLate>
export type HistoryError = Fields<'history', '23514', HistoryFault>

/** An error of the extension: "kind" or "code" tells which detail it has */
export type AppointmentError =
  | DoubleBookingError
  | DocumentError
  | TransitionError
  | MissingFieldError
  | TooLateError
  | HistoryError

/**
 * What a driver or an ORM threw, as an error of the extension; null if it is
 * another error. Finds the driver's error inside those of drizzle, Sequelize,
 * TypeORM, Prisma and PostGraphile.
 */
export function appointmentError(error: unknown): AppointmentError | null

/** Whether to run the transaction again: 40001, 40P01 or 55P03, however wrapped */
export function mayRetry(error: unknown): boolean
