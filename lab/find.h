/* Where a topology and its scenario stand. */
#ifndef LAB_FIND_H
#define LAB_FIND_H

#include <stdbool.h>
#include <stddef.h>

/*
 * name: a .clab.yml file, a directory that holds one, or one that comes with us ("two-peers", "two-peers/start"): looked
 * for in $RAVELIN_TOPOLOGIES, ./topologies, beside the sources and where they are installed. False: said on stderr.
 */
bool lab_find_topology(const char *name, char *out, size_t cap);

/*
 * The scenario of that topology file: NAME.scenario.yml beside NAME.clab.yml, or in the folder above, so that the states of
 * a lesson share one. False: there is none.
 */
bool lab_find_scenario(const char *topology, char *out, size_t cap);

#endif
