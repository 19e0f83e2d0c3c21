#include "vrf/rtset.h"

#include <stdlib.h>

#include "bgpd/wire/comm.h"
#include "bgpd/wire/rd.h"
#include "lib/wbuf.h"

static int u64_cmp(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

size_t vrf_rtset_put(const struct vrf_rtset *s, struct wire_span ext, bool keep_rts, uint8_t *out,
	size_t cap, bool *full)
{
	size_t most = wire_extcomm_count(ext) + s->n, n = 0;
	uint64_t *all = malloc((most + 1) * sizeof(*all));
	struct wbuf w = wbuf_of(out, cap);

	*full = all == NULL;
	if (!all)
		return 0;
	for (unsigned i = 0; i < wire_extcomm_count(ext); i++) {
		uint64_t ec = wire_extcomm_at(ext, i);
		if (keep_rts || !wire_rt_is(ec))
			all[n++] = ec;
	}
	for (unsigned i = 0; i < s->n; i++)
		all[n++] = s->rts[i];
	qsort(all, n, sizeof(*all), u64_cmp);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || all[i] != all[i - 1])
			wbuf_put_u64(&w, all[i]);
	free(all);
	*full = !wbuf_ok(&w);
	return *full ? 0 : w.len;
}
