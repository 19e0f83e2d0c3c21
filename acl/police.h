/* Token buckets as virtual scheduling (GCRA): one number a bucket, the time at which it would be empty of debts. */
#ifndef ACL_POLICE_H
#define ACL_POLICE_H

#include <stdbool.h>

#include "acl/abi.h"

/*
 * Whether a packet may pass at now_ns. base = max(*tat, now); if base - now > burst_ns: no, and nothing changes; else
 * *tat = base + interval. interval 0: always. So burst_ns / interval + 1 packets may come at once.
 */
bool acl_police(uint64_t *tat_ns, const struct acl_bucket *b, uint64_t now_ns);

/* rate a second (0: no limit), burst packets at once (at least 1). */
struct acl_bucket acl_bucket_make(uint32_t rate, uint32_t burst);

#endif
