/*
 * One capture an attack (draft-ietf-opsawg-pcapng): both launches, an interface a port with its name, a comment on each frame. Pure but for
 * the file.
 */
#ifndef LAB_EVIDENCE_PCAPNG_H
#define LAB_EVIDENCE_PCAPNG_H

#include <stdio.h>

#include "lab/evidence/report.h"

/* All frames of that row, in the order of time. How many; -1: could not be written. */
long evidence_pcapng(const struct evidence_report *r, const json_t *row, FILE *out);

#endif
