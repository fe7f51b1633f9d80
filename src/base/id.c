/*-------------------------------------------------------------------------
 *
 * id.c
 *		New identifiers, from the server's strong random source.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "base/id.h"

/* A ULID: 48 bits of milliseconds since 1970, then 80 random bits. */
#define ULID_RANDOM_SIZE	10
#define ULID_LEN			26

static void
strong_random(void *bytes, size_t len)
{
	if (!pg_strong_random(bytes, len))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not generate random values")));
}

/*
 * Append characters of an alphabet, each as likely as any other.
 */
void
id_append_random(StringInfo id, const char *alphabet, int len)
{
	int			size = (int) strlen(alphabet);
	int			limit = 256 - 256 % size;	/* no remainder is favoured */

	Assert(size <= 256);
	while (len > 0)
	{
		uint8		bytes[32];

		strong_random(bytes, sizeof(bytes));
		for (int i = 0; i < (int) sizeof(bytes) && len > 0; i++)
		{
			if (bytes[i] >= limit)
				continue;
			appendStringInfoChar(id, alphabet[bytes[i] % size]);
			len--;
		}
	}
}

/*
 * Append a ULID.  Those of one session sort in the order in which they were
 * made: within a millisecond, and when the clock goes back, the random part
 * is counted up, as the ULID specification has it.
 */
void
id_append_ulid(StringInfo id)
{
	static const char base32[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	static int64 last_millis = -1;
	static uint8 last_random[ULID_RANDOM_SIZE];
	int64		millis;
	uint8		bytes[6 + ULID_RANDOM_SIZE];
	char		text[ULID_LEN];

	millis = (GetCurrentTimestamp() +
			  (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY) / 1000;
	if (millis > last_millis)
		strong_random(last_random, sizeof(last_random));
	else
	{
		int			i = ULID_RANDOM_SIZE - 1;

		millis = last_millis;
		while (i >= 0 && ++last_random[i] == 0)
			i--;
		if (i < 0)
		{
			/* counted over: the next millisecond is near enough */
			millis++;
			strong_random(last_random, sizeof(last_random));
		}
	}
	last_millis = millis;

	for (int i = 0; i < 6; i++)
		bytes[i] = (uint8) (millis >> (40 - 8 * i));
	memcpy(bytes + 6, last_random, ULID_RANDOM_SIZE);

	/* 128 bits in 26 characters of 5: the first has 3 */
	for (int i = 0; i < ULID_LEN; i++)
	{
		int			bit = i * 5 - 2;	/* of the first of the five */
		int			value = 0;

		for (int n = bit; n < bit + 5; n++)
			value = value * 2 +
				(n < 0 ? 0 : (bytes[n / 8] >> (7 - n % 8)) & 1);
		text[i] = base32[value];
	}
	appendBinaryStringInfo(id, text, ULID_LEN);
}

/*
 * Append a random UUID.
 */
void
id_append_uuid(StringInfo id)
{
	Datum		uuid = DirectFunctionCall1(gen_random_uuid, (Datum) 0);

	appendStringInfoString(id, DatumGetCString(DirectFunctionCall1(uuid_out, uuid)));
}
