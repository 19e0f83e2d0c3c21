/* The one place where this process reads the clock; everything below gets the time as an argument. */
#ifndef BGPD_IO_CLOCK_H
#define BGPD_IO_CLOCK_H

#include <stdint.h>

/* Monotonic ms: never goes back, stands still never. */
uint64_t io_clock_now_ms(void);
uint64_t io_clock_now_us(void); /* the same clock */

/* A value no peer can guess, for hash keys and jitter. Aborts if the kernel has none to give. */
uint64_t io_clock_seed(void);

#endif
