#include "acl/police.h"

#define NS_PER_S UINT64_C(1000000000)

bool acl_police(uint64_t *tat_ns, const struct acl_bucket *b, uint64_t now_ns)
{
	uint64_t base = *tat_ns > now_ns ? *tat_ns : now_ns;

	if (b->interval_ns == 0)
		return true;
	if (base - now_ns > b->burst_ns)
		return false;
	*tat_ns = base + b->interval_ns;
	return true;
}

struct acl_bucket acl_bucket_make(uint32_t rate, uint32_t burst)
{
	if (rate == 0)
		return (struct acl_bucket){0};
	uint64_t interval = rate < NS_PER_S ? NS_PER_S / rate : 1;
	return (struct acl_bucket){
		.interval_ns = interval, .burst_ns = interval * (burst ? burst - 1 : 0)};
}
