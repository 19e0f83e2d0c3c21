#include "audit/collect.h"

#include "mplsfwd/ctl.h"
#include "mplsfwd/sysctl.h"

#include "audit/check.h"

void audit_collect_sysctls(struct audit_snapshot *s)
{
	char path[AUDIT_SYSCTL_STRLEN];
	uint32_t value;

	for (int i = 0; i < AUDIT_SYSCTLS; i++)
		if (fwd_sysctl_get(audit_sysctl_global(i), &value) == 0)
			s->sysctl[i] = value;
	for (int i = 0; i < AUDIT_DEVICE_SYSCTLS; i++) {
		if (fwd_sysctl_get(audit_sysctl_path(i, "all", path), &value) == 0)
			s->all[i] = (int32_t)value;
		if (fwd_sysctl_get(audit_sysctl_path(i, "default", path), &value) == 0)
			s->born[i] = (int32_t)value;
		for (size_t l = 0; l < s->n_links; l++)
			if (fwd_sysctl_get(audit_sysctl_path(i, s->links[l].name, path), &value) ==
				0)
				s->links[l].sysctl[i] = (int32_t)value;
	}
}

int audit_collect(struct audit_snapshot *s)
{
	struct fwd_ctl c;
	int err = fwd_ctl_open(&c);

	if (err)
		return err;
	err = audit_collect_links(s, &c);
	err = err ? err : audit_collect_routes(s, &c);
	fwd_ctl_close(&c);
	if (err)
		return err;
	audit_collect_sysctls(s);
	s->sockets_known = audit_collect_sockets(s) == 0;
	audit_collect_owners(s);
	audit_snapshot_resolve(s);
	return 0;
}
