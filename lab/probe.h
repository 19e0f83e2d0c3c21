/* Can this kernel carry the lab itself, or does it need a kernel of its own? Found by trying. */
#ifndef LAB_PROBE_H
#define LAB_PROBE_H

#include <stdbool.h>
#include <stddef.h>

/* Tries VRF devices, MPLS and labelled routes in a namespace that is thrown away. why: what is missing, "" if nothing. */
bool lab_probe_kernel(char *why, size_t cap);

#endif
