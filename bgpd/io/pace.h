/*
 * How much queued work one turn of the loop does: as much as takes IO_PACE_US, measured, and is not more for one
 * receiver than its queue may hold. Long slices pack better and cost fewer system calls; short ones answer sooner.
 * The number is an input of the router (it stands in a record of the run), the clock is not.
 */
#ifndef BGPD_IO_PACE_H
#define BGPD_IO_PACE_H

#include <stddef.h>
#include <stdint.h>

#define IO_PACE_MIN    256u /* units of router_work() */
#define IO_PACE_FIRST  1024u
#define IO_PACE_MAX    4096u
#define IO_PACE_US     3000u
#define IO_PACE_OCTETS (512u << 10)

/* The budget after a slice of `budget` that took so long, writing included, and gave one receiver so many octets. */
unsigned io_pace_next(unsigned budget, uint64_t took_us, size_t octets);

#endif
