/* Runs something in a node of a lab that is up, as if it were here. */
#ifndef LAB_CLIENT_H
#define LAB_CLIENT_H

#include <stdbool.h>

/* Its exit status; 125 if it could not be asked. tty: with a terminal, if we have one. */
int lab_client_exec(const char *lab, const char *node, char *const argv[], bool tty);

#endif
