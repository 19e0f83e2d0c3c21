/* What only the shell knows of this process, for metrics and for answers that say when they were given. */
#ifndef BGPD_MGMT_VITALS_H
#define BGPD_MGMT_VITALS_H

#include <stdint.h>

struct mgmt_vitals {
	uint32_t wall_s, started_s; /* since 1970: now, and when the process began */
	uint64_t cpu_us;	    /* user and system */
	uint64_t resident_peak;	    /* octets */
	uint64_t answered;	    /* questions and orders, refused ones too */
	uint64_t reloads;	    /* configurations taken, the first one not among them */
	uint64_t reloads_refused;   /* tries of a reload that came to nothing */
	uint32_t conf_s;	    /* since 1970: when that in force was taken */
	uint8_t refused;	    /* the last reload was */
};

#endif
