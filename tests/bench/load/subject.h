/* What the subject's processes have used: read from /proc, for a process and all its descendants. */
#ifndef TESTS_BENCH_LOAD_SUBJECT_H
#define TESTS_BENCH_LOAD_SUBJECT_H

#include <stdint.h>

struct subject_use {
	uint64_t cpu_ns;	 /* user + system, all threads */
	uint64_t resident, peak; /* octets: VmRSS, VmHWM, summed over the processes */
};

/* pid 0: nobody, all zero. */
struct subject_use subject_get(int pid);

/* Starts the peak anew at what is resident now. */
void subject_reset_peak(int pid);

#endif
