/* The groups of the catalogue, "LBL" to "MGT": what they are called, and the order of rows in a report. */
#ifndef LAB_EVIDENCE_GROUP_H
#define LAB_EVIDENCE_GROUP_H

#include <jansson.h>

/* "Label spoofing" of "LBL"; a group that is not known here is called by its letters. */
const char *evidence_group_name(const char *group);

/*
 * Rows are told when they are decided, those that share a control one after the other; a report has them in the catalogue's
 * order: by group, then by identifier, numbers as numbers. What is not built stands behind the others.
 */
void evidence_group_sort(json_t *attacks);

#endif
