/* The keeper of a lab that stays up: passes frames between the inside and those who look in. */
#ifndef LAB_KEEPER_H
#define LAB_KEEPER_H

#include "lab/host.h"

/* In the background process; events go to that descriptor while somebody reads them. Returns when the lab is gone. */
int lab_keeper_run(struct lab_host *h, int listener, int events);

#endif
