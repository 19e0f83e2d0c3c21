/* The one place where this process reads the clock; everything below gets the time as an argument. */
#ifndef BGPD_IO_CLOCK_H
#define BGPD_IO_CLOCK_H

#include <stdint.h>

/* Monotonic ms: never goes back, stands still never. */
uint64_t io_clock_now_ms(void);
uint64_t io_clock_now_us(void); /* the same clock */

/* Seconds since 1970, as the operator set the clock: for what is written down, never for what is decided. */
uint32_t io_clock_wall_s(void);
uint64_t io_clock_wall_us(void);

/* A value no peer can guess, for hash keys and jitter. Aborts if the kernel has none to give. */
uint64_t io_clock_seed(void);

#endif
