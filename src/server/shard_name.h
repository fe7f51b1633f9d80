/*-------------------------------------------------------------------------
 *
 * shard_name.h
 *		The names of tables and indexes on a shard.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_SHARD_NAME_H
#define APPOINTMENT_SHARD_NAME_H

extern const char *shard_suffix(const char *name);
extern char *name_on_shard(const char *name, const char *suffix);

#endif							/* APPOINTMENT_SHARD_NAME_H */
