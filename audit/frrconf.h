/* The neighbours of FRR's bgpd in the file that it was started with: who, in which VRF, and whether with a password. Pure. */
#ifndef AUDIT_FRRCONF_H
#define AUDIT_FRRCONF_H

#include "audit/snapshot.h"

/* Adds them to s. where: process, vty directory and file that each gets. No password is kept. */
void audit_frrconf_parse(
	struct audit_snapshot *s, const struct audit_frr_peer *where, const char *text, size_t len);

#endif
