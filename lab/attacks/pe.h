/* The PE under test: what runs there, one protection off and on again, and when the network is whole. */
#ifndef LAB_ATTACKS_PE_H
#define LAB_ATTACKS_PE_H

#include "lab/attacks/protection.h"
#include "lab/attacks/stage.h"

/* What "bgpd --version" or "ravelind --version" says first. */
void attack_pe_version(struct attack_stage *st, char *out, size_t cap);

/* The protection can be switched off on this PE. */
bool attack_pe_can(const struct attack_stage *st, enum attack_off off);

/* It is switched off by a restart on another configuration. */
bool attack_pe_restarts(const struct attack_stage *st, enum attack_off off);

/* What is done to switch it off: "ports[name=eth2].accept-labels: true", or the commands. */
void attack_pe_how(const struct attack_stage *st, enum attack_off off, char *out, size_t cap);

/*
 * Restarts Ravelin on its configuration with the protection's one change (ATTACK_OFF_NONE: as it was) and waits until its ports are open and its
 * labels are in the kernel. Then its commands are run. False: said, why in err.
 */
bool attack_pe_off(struct attack_stage *st, enum attack_off off, char *err, size_t cap);

/* The commands that put it back; what a restart has to put back is left to the next. */
bool attack_pe_on(struct attack_stage *st, enum attack_off off, char *err, size_t cap);

/* The guards that Ravelin answers for are open. */
bool attack_pe_open(struct attack_stage *st);

/* How often a process of the PE has ended that nobody asked to: more after an attack than before is a death. */
unsigned attack_pe_deaths(struct attack_stage *st);

/* Every condition of the scenario's wait steps holds, now or within ms; what is waited for is told. */
bool attack_pe_whole(struct attack_stage *st, unsigned ms);

#endif
