/* Asks an FRR daemon over its own vty socket, as vtysh does, but without starting a program for each question. */
#ifndef LAB_FRR_H
#define LAB_FRR_H

#include <jansson.h>
#include <stdbool.h>

/* "show ... json" to that daemon of that node. NULL if it does not answer or not in JSON. */
json_t *lab_frr_ask(const char *node, const char *daemon, const char *command);

/* The same for several commands in a row: a connection, enabled. NULL if the daemon does not answer. */
struct lab_frr;
struct lab_frr *lab_frr_open(const char *node, const char *daemon);
void lab_frr_close(struct lab_frr *frr);

/* False if the daemon does not know the command or refuses it. */
bool lab_frr_say(struct lab_frr *frr, const char *command);

#endif
