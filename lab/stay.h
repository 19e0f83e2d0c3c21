/* A lab that stays up: its keeper in the background, and where to find it. */
#ifndef LAB_STAY_H
#define LAB_STAY_H

#include "lab/host.h"

int lab_stay_up(const struct lab_options *opt);
int lab_stay_down(const char *lab, bool json); /* NULL: the only one */
int lab_stay_list(bool json);

/* A connection to that lab's keeper (NULL: of the only one); -1 and said why. */
int lab_stay_connect(const char *lab);

#endif
