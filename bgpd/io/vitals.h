/* How this process does: what metrics say of it besides the router. It has no /proc, so only what a call tells. */
#ifndef BGPD_IO_VITALS_H
#define BGPD_IO_VITALS_H

#include "bgpd/mgmt/vitals.h"

void io_vitals_begin(
	struct mgmt_vitals *v); /* the process begins, and its first configuration is in force */
void io_vitals_look(struct mgmt_vitals *v); /* the clock, time used, memory */
void io_vitals_reloaded(
	struct mgmt_vitals *v, int error); /* 0: taken; ENODATA: it was in force already */

#endif
