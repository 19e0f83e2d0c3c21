/* The lab runner's only door: `ravelin lab ...`. */
#ifndef LAB_LAB_H
#define LAB_LAB_H

#include <stdbool.h>

/* As of every command of ravelin; besides, exec and shell have the status of what they ran. */
enum lab_exit {
	LAB_HELD = 0,
	LAB_BROKEN = 1,	   /* the lab itself, or it could not be */
	LAB_UNCLEAR = 2,   /* words, or a file, that are not understood */
	LAB_NOT_UP = 3,	   /* nobody is there to be asked */
	LAB_NOT_MET = 4,   /* what was expected does not hold */
	LAB_NOT_RUN = 125, /* what was to be run in a node */
	LAB_INTERRUPTED = 130,
};

/* argv[0] is "lab". json: for machines, on standard output. Why something is not done is said to lib/complaint. */
int lab_main(int argc, char **argv, bool json);

#endif
