/*
 * The catalogue against the PE under test, inside a lab that is up.
 *
 * First all chosen attacks with every protection on, in the catalogue's order; then, for each protection that some attack's control needs
 * off, the PE once with it off and those attacks again; then the PE as it was. Each row is told as {"ev":"attack"} (topologies/attack-report.schema.json).
 */
#ifndef LAB_ATTACKS_RUN_H
#define LAB_ATTACKS_RUN_H

#include "lab/run.h"

/*
 * job: {"malformed": {...}} is malformed.h's. Else {"attacks": ["LBL-01", "RTG", ...] (none: all), "pe": "ravelin"|"frr", "quick": bool}. True: no row fell or was invalid, and the network
 * is as it should be without an attack.
 */
bool attack_run(struct lab_run *r, const json_t *job);

/* Prints id, clause, title of every row ("ravelin lab attack --list"), or as JSON. */
int attack_list(bool json);

/* An id or a group, in capitals or not. */
bool attack_known(const char *name);

/* The known name that is most like it; NULL: none is like it. */
const char *attack_nearest(const char *name);

#endif
