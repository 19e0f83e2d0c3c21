/*
 * Orders about the configuration, which mplsfwd carries out: what it is to be asked, and what its answer means.
 *
 *   POST /v1/reload[?confirm=SECONDS]   {"result": "applied"|"unchanged", "changes": ["~ neighbors/x", ...]}; with confirm= it is
 *                                       taken back after so many seconds, 1 to 86400, unless it is confirmed
 *   POST /v1/reload/try                 {"result": "differs"|"unchanged", "changes": [...]}: nothing is done
 *   POST /v1/confirm                    {"result": "confirmed", "changes": []}
 *
 * All: "unconfirmed_s": seconds that a reload waits to be confirmed from then on, or null. Refused, with status 409:
 * {"result": "refused", "error": ..., "messages": [...], "unconfirmed_s": ...}
 */
#ifndef BGPD_MGMT_RELOAD_H
#define BGPD_MGMT_RELOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/mgmt/handle.h"
#include "mplsfwd/fibmsg.h"

/* False: the path is none of these. answer.status 200: *ask, but for its seq, is to be asked; else that is the answer. */
bool mgmt_reload_parse(
	const char *path, const char *query, struct fib_msg *ask, struct mgmt_answer *answer);

/*
 * FIB_RELOADED. error: 0, ENODATA nothing differs, else why not. text: lines, of what differs or of what is wrong; from our own other half,
 * but with what stands in a file.
 */
struct mgmt_answer mgmt_reload_answer(
	enum fib_type asked, int error, const char *text, uint32_t unconfirmed_s);

#endif
