/* Where a report goes: a directory is made beside its place, filled, and put there as one; an earlier report is replaced, nothing else ever. */
#ifndef LAB_EVIDENCE_PLACE_H
#define LAB_EVIDENCE_PLACE_H

#include "lab/evidence/evidence.h"

/* The directory to fill, in dir. False with the reason in why. */
bool evidence_place_begin(
	const struct evidence_place *p, char *dir, size_t dir_cap, char *why, size_t cap);
bool evidence_place_end(const struct evidence_place *p, const char *dir, char *why, size_t cap);
void evidence_place_undo(const char *dir);

#endif
