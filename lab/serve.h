/* Lets people into the nodes of a lab that stays up: commands and shells, many at a time, over the one channel. */
#ifndef LAB_SERVE_H
#define LAB_SERVE_H

#include "lab/channel.h"
#include "lab/run.h"

/* Until LAB_FRAME_QUIT or the end of the channel. */
void lab_serve(struct lab_run *r, struct lab_channel *c);

#endif
