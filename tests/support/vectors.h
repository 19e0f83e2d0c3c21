/* All test vectors (tests/vectors/README.md); the reader is the lab's, which puts them to routers on the wire. */
#ifndef TESTS_SUPPORT_VECTORS_H
#define TESTS_SUPPORT_VECTORS_H

#include "lab/attacks/vector.h"

/* Every *.vec of $RAVELIN_SRCDIR/tests/vectors in order of name; how many, -1 if a file is wrong. */
int vector_each_file(vector_fn *fn, void *arg);

#endif
