/* The counters that an attack's row names, read where they stand: the guard and the neighbours over the API, the kernel's, the log's lines. */
#ifndef LAB_ATTACKS_READING_H
#define LAB_ATTACKS_READING_H

#include "lab/attacks/judge.h"
#include "lab/attacks/stage.h"

/* Now; -1: there is no such counter. */
long long attack_reading_get(struct attack_stage *st, const struct attack_counter *c);

/* All of the row's, into .before or .after of st->reading. */
void attack_readings_take(struct attack_stage *st, const struct attack *a, bool after);

/* Every counter that tells exactly has moved by what is due, and no guard's tells less: nothing more can come. */
bool attack_readings_done(struct attack_stage *st, const struct attack *a, unsigned due);

#endif
