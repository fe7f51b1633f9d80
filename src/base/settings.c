/*-------------------------------------------------------------------------
 *
 * settings.c
 *		The settings appointment.*.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <limits.h>

#include "utils/guc.h"

#include "base/host_name.h"
#include "base/settings.h"

char	   *appointment_base_url = NULL;
char	   *appointment_actor = NULL;
char	   *appointment_calendar_domain = NULL;
int			appointment_cancellation_notice = NOTICE_NONE;
int			appointment_rescheduling_notice = NOTICE_NONE;
int			appointment_on_conflict = ON_CONFLICT_TRIGGER;

static const struct config_enum_entry on_conflict_options[] = {
	{"trigger", ON_CONFLICT_TRIGGER, false},
	{"error", ON_CONFLICT_ERROR, false},
	{"skip", ON_CONFLICT_SKIP, false},
	{NULL, 0, false}
};

/* A domain is the name of a host, or nothing. */
static bool
check_calendar_domain(char **value, void **extra, GucSource source)
{
	if (**value == '\0' || host_name_is_valid(*value, strlen(*value)))
		return true;
	GUC_check_errdetail("It is the name of a host, such as \"example.com\".");
	return false;
}

/*
 * Define the settings.  The prefix is reserved, so that a misspelled name in
 * postgresql.conf is reported instead of ignored.
 */
void
settings_define(void)
{
	DefineCustomStringVariable("appointment.base_url",
							   "Sets the address that the pages of appointments are under.",
							   "The option \"base_url\" of a call overrides it. Without either, the addresses are written as null.",
							   &appointment_base_url,
							   NULL,
							   PGC_USERSET,
							   0,
							   NULL, NULL, NULL);
	DefineCustomStringVariable("appointment.actor",
							   "Sets who changes appointments, for their history and the change log.",
							   "It is what the application says, and is not authenticated: any user can set it to anything.",
							   &appointment_actor,
							   NULL,
							   PGC_USERSET,
							   0,
							   NULL, NULL, NULL);
	DefineCustomStringVariable("appointment.calendar_domain",
							   "Sets the domain that identifiers in calendars end in.",
							   "The option \"domain\" of a call overrides it. Without either, an appointment's identifier is written as it is.",
							   &appointment_calendar_domain,
							   "",
							   PGC_USERSET,
							   0,
							   check_calendar_domain, NULL, NULL);
	DefineCustomIntVariable("appointment.cancellation_notice",
							"Sets the notice that an account asks for before a client may cancel.",
							"-1 asks for none: a client may cancel until the start.",
							&appointment_cancellation_notice,
							NOTICE_NONE,
							NOTICE_NONE, INT_MAX,
							PGC_USERSET,
							GUC_UNIT_MIN,
							NULL, NULL, NULL);
	DefineCustomIntVariable("appointment.rescheduling_notice",
							"Sets the notice that an account asks for before a client may reschedule.",
							"-1 asks for none: a client may reschedule until the start.",
							&appointment_rescheduling_notice,
							NOTICE_NONE,
							NOTICE_NONE, INT_MAX,
							PGC_USERSET,
							GUC_UNIT_MIN,
							NULL, NULL, NULL);
	DefineCustomEnumVariable("appointment.on_conflict",
							 "Sets what occupancy_guard does about a new row that conflicts.",
							 "\"trigger\" goes by the trigger's option, \"error\" refuses the row, \"skip\" leaves it out as ON CONFLICT DO NOTHING does.",
							 &appointment_on_conflict,
							 ON_CONFLICT_TRIGGER,
							 on_conflict_options,
							 PGC_USERSET,
							 0,
							 NULL, NULL, NULL);
	MarkGUCPrefixReserved("appointment");
}
