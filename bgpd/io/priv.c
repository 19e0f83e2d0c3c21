#include "bgpd/io/priv.h"

#include <cap-ng.h>
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/check.h"
#include "lib/text.h"

struct io_priv_id {
	uid_t uid;
	gid_t gid;
};

static bool io_priv_fail(char *why, size_t cap, const char *step)
{
	snprintf(why, cap, "%s: %s", step, errno ? strerror(errno) : "had no effect");
	return false;
}

static bool io_priv_find_user(const char *user, struct io_priv_id *id, char *why, size_t cap)
{
	uint64_t number;

	if (text_parse_u64(user, UINT32_MAX - 1, &number)) {
		*id = (struct io_priv_id){.uid = (uid_t)number, .gid = (gid_t)number};
	} else {
		errno = 0;
		struct passwd *pw = getpwnam(user);
		if (!pw) {
			snprintf(why, cap, "user \"%s\" does not exist here", user);
			return false;
		}
		*id = (struct io_priv_id){.uid = pw->pw_uid, .gid = pw->pw_gid};
	}
	if (id->uid == 0 || id->gid == 0) {
		snprintf(why, cap, "user \"%s\" is root: name one that is not", user);
		return false;
	}
	return true;
}

static bool io_priv_limit(const struct io_priv *p)
{
	const struct {
		int what;
		rlim_t max;
	} limits[] = {
		{RLIMIT_CORE, 0},
		{RLIMIT_NPROC, 0},
		{RLIMIT_NOFILE, p->max_descriptors},
	};

	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		struct rlimit have, want = {limits[i].max, limits[i].max};
		if (getrlimit(limits[i].what, &have) < 0)
			return false;
		if (want.rlim_max > have.rlim_max)
			want = (struct rlimit){have.rlim_max, have.rlim_max};
		if (setrlimit(limits[i].what, &want) < 0)
			return false;
	}
	return true;
}

static bool io_priv_chroot(const char *root)
{
	return chdir(root) == 0 && chroot(".") == 0 && chdir("/") == 0;
}

static bool io_priv_bounding(void)
{
	errno = 0;
	if (capng_get_caps_process() < 0)
		return false;
	capng_clear(CAPNG_SELECT_BOUNDS);
	return capng_apply(CAPNG_SELECT_BOUNDS) == 0 &&
	       prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == 0;
}

static bool io_priv_become(const struct io_priv_id *id)
{
	return setgroups(0, NULL) == 0 && setresgid(id->gid, id->gid, id->gid) == 0 &&
	       setresuid(id->uid, id->uid, id->uid) == 0;
}

static bool io_priv_empty_sets(void)
{
	errno = 0;
	capng_clear(CAPNG_SELECT_CAPS);
	return capng_apply(CAPNG_SELECT_CAPS) == 0;
}

static bool io_priv_seal(void)
{
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
	       prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

bool io_priv_drop(const struct io_priv *p, char *why, size_t cap)
{
	struct io_priv_id id;

	if (!io_priv_find_user(p->user, &id, why, cap))
		return false;
	if (!io_priv_limit(p))
		return io_priv_fail(why, cap, "setrlimit");
	if (!io_priv_bounding())
		return io_priv_fail(why, cap, "capability bounding set");
	if (!io_priv_chroot(p->root))
		return io_priv_fail(why, cap, "chroot");
	if (!io_priv_become(&id))
		return io_priv_fail(why, cap, "setuid");
	if (!io_priv_empty_sets())
		return io_priv_fail(why, cap, "capabilities");
	if (!io_priv_seal())
		return io_priv_fail(why, cap, "no_new_privs");
	return io_priv_check(why, cap);
}

static bool io_priv_has_no_caps(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &head, data) < 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(data); i++)
		if (data[i].effective | data[i].permitted | data[i].inheritable)
			return false;
	for (unsigned long c = 0; c <= CAP_LAST_CAP; c++)
		if (prctl(PR_CAPBSET_READ, c, 0, 0, 0) == 1)
			return false;
	return true;
}

bool io_priv_check(char *why, size_t cap)
{
	uid_t r, e, s;
	gid_t rg, eg, sg;
	struct stat st;

	errno = 0;
	if (getresuid(&r, &e, &s) < 0 || !r || !e || !s || setuid(0) == 0 || seteuid(0) == 0)
		return io_priv_fail(why, cap, "check: uid");
	errno = 0;
	if (getresgid(&rg, &eg, &sg) < 0 || !rg || !eg || !sg || getgroups(0, NULL) != 0)
		return io_priv_fail(why, cap, "check: gid");
	if (!io_priv_has_no_caps())
		return io_priv_fail(why, cap, "check: capabilities");
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return io_priv_fail(why, cap, "check: no_new_privs");
	if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
		return io_priv_fail(why, cap, "check: dumpable");
	if (stat("/proc", &st) == 0 || stat("/etc", &st) == 0 || access("/", W_OK) == 0)
		return io_priv_fail(why, cap, "check: chroot");
	return true;
}
