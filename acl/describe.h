/*
 * A frame in one line, for a person who looks at a sample: "8847 label 100001 ttl 64 | IPv4 1.2.3.4 > 5.6.7.8 proto 17".
 *
 * Octets are a stranger's and may be cut anywhere: what is not there is not said, what follows a cut is "...". Walks at most
 * ACL_TAGS_MAX tags, ACL_DESCRIBE_LABELS labels and ACL_DESCRIBE_LAYERS headers.
 */
#ifndef ACL_DESCRIBE_H
#define ACL_DESCRIBE_H

#include <stddef.h>
#include <stdint.h>

#define ACL_DESCRIBE_LABELS 8
#define ACL_DESCRIBE_LAYERS 4
#define ACL_DESCRIBE_MAX    512 /* octets of a line and its end, at most */

/* From the Ethernet header on. Returns out: printable ASCII. */
char *acl_describe(const uint8_t *octets, size_t len, char out[ACL_DESCRIBE_MAX]);

#endif
