/*
 * The same fault elsewhere: an UPDATE whose faulty attribute stands first, in the middle or last, and has one or two octets of length (RFC 4271 4.3).
 * What has to come of it is the same: the order of attributes means nothing, and each has to be walked over whatever is wrong with the one before. Pure.
 */
#ifndef LAB_ATTACKS_VARIANT_H
#define LAB_ATTACKS_VARIANT_H

#include "lab/attacks/vector.h"

/*
 * Calls fn for each variant of v, named "NAME@first", "@middle", "@last", "@length"; how many. None of a vector that is no UPDATE, has no one attribute
 * at fault, or whose attributes cannot be told apart.
 */
unsigned vector_variants(const struct vector *v, vector_fn *fn, void *arg);

#endif
