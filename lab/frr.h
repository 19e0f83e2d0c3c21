/* Asks an FRR daemon over its own vty socket, as vtysh does, but without starting a program for each question. */
#ifndef LAB_FRR_H
#define LAB_FRR_H

#include <jansson.h>

/* "show ... json" to that daemon of that node. NULL if it does not answer or not in JSON. */
json_t *lab_frr_ask(const char *node, const char *daemon, const char *command);

#endif
