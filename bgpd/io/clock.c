#include "bgpd/io/clock.h"

#include <sys/random.h>
#include <time.h>

#include "lib/check.h"

uint64_t io_clock_now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

uint64_t io_clock_now_ms(void)
{
	return io_clock_now_us() / 1000;
}

uint32_t io_clock_wall_s(void)
{
	return (uint32_t)time(NULL);
}

uint64_t io_clock_wall_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

uint64_t io_clock_seed(void)
{
	uint64_t seed;

	CHECK(getrandom(&seed, sizeof(seed), 0) == (ssize_t)sizeof(seed));
	return seed;
}
