/* Which events are for the security log (lib/chain.h); man/ravelin-events.7 marks them, and a test compares. Pure. */
#ifndef LIB_LOGSECURE_H
#define LIB_LOGSECURE_H

#include <stdbool.h>

enum log_whose { LOG_OF_BGPD, LOG_OF_MPLSFWD };

bool log_is_security(enum log_whose whose, const char *event);

#endif
