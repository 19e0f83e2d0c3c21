/* A configuration from the process that reads files to the one that does not: a sealed file in memory, without keys. */
#ifndef CONF_HANDOVER_H
#define CONF_HANDOVER_H

#include <stdint.h>

#include "conf/adopt.h"
#include "conf/files.h"

#define CONF_HANDOVER_MAX (256u << 20) /* octets */

/* What was read as `file`, and what conf_adopt said of it. A descriptor, or -errno. */
int conf_handover_put(const char *file, const struct conf_files *files,
	const struct conf_change *change, unsigned n_peers);

/*
 * The configuration, in order after `now`, and what becomes of what is in it (conf_change_fini): of its neighbours that is believed, since it knows of
 * keys. NULL: it is no handover, or does not fit to `now`; *change needs nothing then.
 */
struct conf *conf_handover_get(int fd, const struct conf *now, struct conf_change *change);

#endif
