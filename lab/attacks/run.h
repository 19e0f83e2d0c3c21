/*
 * The catalogue against the PE under test, inside a lab that is up.
 *
 * First all chosen attacks with every protection on, in the catalogue's order; then, for each protection that some attack's control needs
 * off, the PE once with it off and those attacks again; then the PE as it was. Each row is told as {"ev":"attack"} (docs/attack-report.md).
 */
#ifndef LAB_ATTACKS_RUN_H
#define LAB_ATTACKS_RUN_H

#include "lab/run.h"

/* job: {"attacks": ["LBL-01", "RTG", ...] (none: all), "pe": "ravelin"|"frr", "quick": bool}. True: no row fell or was invalid. */
bool attack_run(struct lab_run *r, const json_t *job);

/* Prints id, clause, title of every row ("ravelin lab attack --list"); the names that `wanted` does not find are told. */
int attack_list(void);
bool attack_known(const char *name);

#endif
