import type { Appointment } from 'appointment-client'

type Booking = { tenant: string, room_id: string, starts_at: Date, ends_at: Date }

export const value: Appointment
export const other: Appointment
export const booking: Booking
export const clash: Booking
export function isConflict(error: unknown, id: unknown): void
