// Made by generate.js from the extension's catalogue of fields: do not edit.

/** Any JSON */
export type Json = string | number | boolean | null | Json[] | JsonObject
export type JsonObject = { [key: string]: Json }

/** An instant in ISO 8601: read with any offset, written in UTC, such as 2026-03-02T09:00:00Z */
export type Instant = string

/** A wall clock's time without an offset, such as 2026-03-02T09:00:00 */
export type LocalTime = string

/** A date, such as 2026-03-02 */
export type LocalDate = string

/** The name of an IANA time zone, such as Europe/Berlin */
export type TimeZone = string

/** The statuses that the extension understands */
export type CanonicalStatus = 'pending' | 'scheduled' | 'arrived' | 'in_progress' | 'completed' | 'no_show' | 'cancelled'

/** A status: a canonical one, or a word of your own */
export type Status = CanonicalStatus | (string & {})

/** The formats of appointments */
export type AppointmentFormat = 'caspen' | 'sqod' | 'avon' | 'savvycal'

/** The formats of events */
export type EventFormat = 'appointment_one'

/** Keys that no field takes, by the format of the document that had them */
export type UnknownKeys = { [format in AppointmentFormat | EventFormat]?: JsonObject }

/** The codes of a document's problems */
export type ProblemCode =
  | 'malformed'
  | 'too_large'
  | 'wrong_document'
  | 'missing'
  | 'null_not_allowed'
  | 'wrong_type'
  | 'out_of_range'
  | 'bad_instant'
  | 'bad_zone'
  | 'bad_id'
  | 'bad_value'
  | 'too_long'
  | 'unknown_member'
  | 'ends_before_start'
  | 'duration_mismatch'
  | 'zoned_mismatch'
  | 'status_mismatch'
  | 'order_mismatch'
  | 'not_applicable'

/** Canonical JSON of type appointment */
export type Appointment = {
  /** the service's identifier, an opaque string */
  id?: string | null
  /** the number that people quote */
  reference?: number | null
  /** start of the appointment */
  starts_at?: Instant | null
  /** end of the appointment, not part of it */
  ends_at?: Instant | null
  /** minutes, kept where a document's is not ends_at - starts_at */
  duration?: number | null
  /** IANA time zone of the start, and of the end unless that has its own */
  time_zone?: TimeZone | null
  /** IANA time zone of the end, where it differs */
  ends_at_time_zone?: TimeZone | null
  /** what the clock of its time zone showed at the start when that was set */
  local_starts_at?: LocalTime | null
  /** canonical status word, or the word of an open vocabulary */
  status?: Status | null
  /** the status as the source worded it, where the canonical status alone would not give the word back */
  source_status?: string | null
  /** whether the appointment is confirmed: apart from its status */
  confirmed?: boolean | null
  /** when it was confirmed */
  confirmed_at?: Instant | null
  /** until when an appointment that is only held keeps its resources; null or absent once it is confirmed */
  hold_expires_at?: Instant | null
  /** when it was cancelled */
  cancelled_at?: Instant | null
  /** identifier of the reason for the cancellation */
  cancellation_reason_id?: string | null
  /** the reason for the cancellation in words (personal) */
  cancellation_note?: string | null
  /** minutes before the start until which it may be cancelled, as agreed when it was made */
  cancellation_notice?: number | null
  /** minutes before the start until which it may be moved, as agreed when it was made */
  rescheduling_notice?: number | null
  /** when the appointment was made */
  created_at?: Instant | null
  /** when it was last changed */
  updated_at?: Instant | null
  /** when it really started */
  actual_starts_at?: Instant | null
  /** when it really ended */
  actual_ends_at?: Instant | null
  /** identifier of the location */
  location_id?: string | null
  /** identifier of the client (personal) */
  client_id?: string | null
  /** identifier of the client's package (personal) */
  client_package_id?: string | null
  /** identifier of the case (personal) */
  case_id?: string | null
  /** identifier of the room */
  room_id?: string | null
  /** identifier of the vehicle */
  vehicle_id?: string | null
  /** identifier of who provides the service: the host */
  practitioner_id?: string | null
  /** identifier of the service: the type of appointment */
  service_id?: string | null
  /** identifiers of further resources */
  resource_ids?: string[] | null
  /** free text (personal) */
  note?: string | null
  /** name of the appointment (personal) */
  name?: string | null
  /** description of the appointment (personal) */
  description?: string | null
  /** whether it is a group appointment */
  is_group?: boolean | null
  /** whether it is internal */
  is_internal?: boolean | null
  /** recurrence, as the service words it (personal) */
  recurrence?: JsonObject | null
  /** who attends, and how each of them stands (personal) */
  attendees?: Attendee[] | null
  /** identifiers of the patients whom an internal appointment is about (personal) */
  reference_patients?: string[] | null
  /** video_call or in_person */
  interaction_type?: string | null
  /** where to join (personal) */
  video_call?: VideoCall | null
  /** where to come to (personal) */
  address?: Address | null
  /** statuses in the order in which they were taken */
  status_history?: StatusChange[] | null
  /** identifier of the visit note (personal) */
  visit_note?: string | null
  /** identifier of the change log */
  change_log?: string | null
  /** identifier of who made the appointment */
  created_by?: string | null
  /** identifier of the rule or override that a self-booked appointment came from */
  generated_from?: string | null
  /** rule or override */
  generated_from_type?: string | null
  /** whether an interpreter is needed */
  is_interpreter_needed?: boolean | null
  /** language of the interpreter */
  interpreter_language?: string | null
  /** page of the appointment (personal) */
  url?: string | null
  /** department */
  department?: Department | null
  /** claimant (personal) */
  claimant?: Claimant | null
  /** meeting room of the call (personal) */
  meeting?: Meeting | null
  /** call recording */
  features_call_recording_enable?: boolean | null
  /** breakout rooms */
  features_breakout_room_enable?: boolean | null
  /** the agent's camera */
  features_webcam_access_agent_enable?: boolean | null
  /** the claimant's camera */
  features_webcam_access_claimant_enable?: boolean | null
  /** blurred background */
  features_webcam_background_blurring_enable?: boolean | null
  /** microphone */
  features_microphone_access_enable?: boolean | null
  /** screen sharing */
  features_screen_sharing_enable?: boolean | null
  /** chat */
  features_messages_chat_enable?: boolean | null
  /** list of participants */
  features_participant_list_enable?: boolean | null
  /** low, medium or high */
  features_bandwidth?: string | null
  /** whether the redirects after the call are used */
  use_custom_post_call_redirect?: boolean | null
  /** where the user goes after the call (personal) */
  custom_user_post_call_redirect_url?: string | null
  /** where the agent goes after the call (personal) */
  custom_agent_post_call_redirect_url?: string | null
  /** whether the client may cancel */
  cancellation?: Permission | null
  /** whether the client may reschedule */
  rescheduling?: Permission | null
  /** page that adds it to a calendar (personal) */
  add_to_calendar_url?: string | null
  /** page that cancels it (personal) */
  cancel_url?: string | null
  /** its iCalendar file (personal) */
  ics_url?: string | null
  /** page that reschedules it (personal) */
  reschedule_url?: string | null
  /** the same pages as lists (personal) */
  urls?: Urls | null
  /** the place in words (personal) */
  location_text?: string | null
  /** false or null where the source document left "object" out or null */
  has_object?: boolean | null
  /** the format that the value was read from */
  source?: AppointmentFormat | null
  /** unknown members inside the start (personal) */
  starts_at_unknown?: UnknownKeys | null
  /** unknown members inside the end (personal) */
  ends_at_unknown?: UnknownKeys | null
  /** members that no field takes, to the letter, by format (personal) */
  unknown?: UnknownKeys | null
}

/** Canonical JSON of type appointment_event */
export type AppointmentEvent = {
  /** the event's slug */
  id?: string | null
  /** name of the event */
  name?: string | null
  /** active, disabled or deleted */
  status?: string | null
  /** when the event was created */
  date_added?: Instant | null
  /** public or unlisted */
  visibility?: string | null
  /** the place in words, cloned into appointments */
  location?: string | null
  /** HTML shown to guests who schedule */
  bio?: string | null
  /** slug of the event's page */
  url?: string | null
  /** a JSON list of addresses, as text: who is always invited (personal) */
  attendees?: string | null
  /** title of cloned appointments */
  invitation_title?: string | null
  /** body of cloned appointments */
  invitation_body?: string | null
  /** public description */
  description?: string | null
  /** minutes */
  duration?: number | null
  /** calendars that tell when it is free (personal) */
  free_busy_calendars?: string[] | null
  /** links, where the document gave them */
  links?: Json[] | null
  /** the format that the value was read from */
  source?: EventFormat | null
  /** members that no field takes, to the letter, by format (personal) */
  unknown?: UnknownKeys | null
}

export type Attendee = {
  /** identifier or address of the attendee (personal) */
  id?: string | null
  /** such as going (personal) */
  attendance_status?: string | null
  /** whether the attendee stayed away (personal) */
  no_show?: boolean | null
  /** such as not_applicable (personal) */
  payment_status?: string | null
  /** when this entry was last changed (personal) */
  updated_at?: Instant | null
  /** unknown members (personal) */
  unknown?: UnknownKeys | null
}

export type StatusChange = {
  /** the status that was taken */
  status?: Status | null
  /** the status as the source worded it, where it differs */
  source_status?: string | null
  /** identifier of who changed it */
  changed_by?: string | null
  /** when it was changed */
  changed_at?: Instant | null
  /** unknown members (personal) */
  unknown?: UnknownKeys | null
}

export type VideoCall = {
  /** page of the call (personal) */
  join_url?: string | null
  /** identifier of the call (personal) */
  meeting_id?: string | null
  /** unknown members (personal) */
  unknown?: UnknownKeys | null
}

export type Address = {
  /** first line (personal) */
  line1?: string | null
  /** second line (personal) */
  line2?: string | null
  /** city (personal) */
  city?: string | null
  /** state (personal) */
  state?: string | null
  /** postal code (personal) */
  postal_code?: string | null
  /** unknown members (personal) */
  unknown?: UnknownKeys | null
}

export type Department = {
  /** number of the department */
  id?: number | null
  /** name of the department */
  name?: string | null
  /** unknown members (personal) */
  unknown?: UnknownKeys | null
}

export type Claimant = {
  /** name (personal) */
  name?: string | null
  /** telephone number (personal) */
  phone_number?: string | null
  /** e-mail address (personal) */
  email?: string | null
  /** date of birth (personal) */
  date_of_birth?: LocalDate | null
  /** further data that the form asks for (personal) */
  data?: ClaimantDatum[] | null
  /** unknown members (personal) */
  unknown?: UnknownKeys | null
}

export type ClaimantDatum = {
  /** identifier of the question (personal) */
  id?: string | null
  /** the answer (personal) */
  value?: string | null
  /** the question (personal) */
  name?: string | null
  /** kind of question (personal) */
  type?: string | null
  /** whether an answer is required (personal) */
  required?: boolean | null
  /** unknown members (personal) */
  unknown?: UnknownKeys | null
}

export type Meeting = {
  /** number of the meeting (personal) */
  id?: number | null
  /** name of the room (personal) */
  room_name?: string | null
  /** page of the room (personal) */
  room_url?: string | null
  /** when the room opens (personal) */
  start_date?: Instant | null
  /** when the room closes (personal) */
  end_date?: Instant | null
  /** unknown members (personal) */
  unknown?: UnknownKeys | null
}

export type Permission = {
  /** whether the client may */
  allowed?: boolean | null
  /** why not */
  disabled_message?: string | null
  /** unknown members (personal) */
  unknown?: UnknownKeys | null
}

export type Urls = {
  /** pages that add it to a calendar (personal) */
  add_to_calendar?: string[] | null
  /** pages that add it to a Google calendar (personal) */
  add_to_google_calendar?: string[] | null
  /** pages that cancel it (personal) */
  cancel?: string[] | null
  /** its iCalendar files (personal) */
  ics?: string[] | null
  /** pages that reschedule it (personal) */
  reschedule?: string[] | null
  /** unknown members (personal) */
  unknown?: UnknownKeys | null
}
