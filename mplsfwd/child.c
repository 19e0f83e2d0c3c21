#include "mplsfwd/child.h"

#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BACKOFF_MS     100
#define BACKOFF_MAX_MS 10000
#define STABLE_MS      30000 /* ran for so long: the next failure is a first one */

static uint64_t now_ms(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

int fwd_child_privileges_limit(bool ebpf)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	/* also without a port that is guarded: a reload can bring the first */
	ebpf = ebpf && !capng_get_caps_process() &&
	       capng_have_capability(CAPNG_PERMITTED, CAP_BPF) &&
	       capng_have_capability(CAPNG_PERMITTED, CAP_PERFMON);
	capng_clear(CAPNG_SELECT_BOTH);
	capng_updatev(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED | CAPNG_BOUNDING_SET,
		CAP_NET_ADMIN, CAP_NET_RAW, CAP_NET_BIND_SERVICE, CAP_SETUID, CAP_SETGID,
		CAP_SETPCAP, CAP_SYS_CHROOT, CAP_KILL, -1);
	if (ebpf)
		capng_updatev(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED | CAPNG_BOUNDING_SET,
			CAP_BPF, CAP_PERFMON, -1);
	return capng_apply(CAPNG_SELECT_BOTH) ? -EPERM : 0;
}

/* Only what giving up the rest takes: the network is no business of bgpd. */
static int child_limit(void)
{
	capng_clear(CAPNG_SELECT_CAPS);
	capng_updatev(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_SETUID, CAP_SETGID,
		CAP_SETPCAP, CAP_SYS_CHROOT, -1);
	return capng_apply(CAPNG_SELECT_CAPS);
}

/* Descriptors of the parent's netlink sockets, locks and loop must not survive in the process that strangers talk to. */
static int descriptors_close(int pair_fd)
{
	if (pair_fd != 3 && dup2(pair_fd, 3) < 0)
		return -errno;
	fcntl(3, F_SETFD, FD_CLOEXEC);
	return close_range(4, ~0u, 0) ? -errno : 0;
}

_Noreturn static void child_run(struct fwd_child *c, int pair_fd, const struct fib_kept *kept)
{
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (descriptors_close(pair_fd) || child_limit())
		_exit(1);
	exit(c->fn(c->conf, 3, kept, c->arg));
}

int fwd_child_start(struct fwd_child *c, const struct fib_kept *kept)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair))
		return -errno;
	c->pid = fork();
	if (c->pid == 0)
		child_run(c, pair[1], kept);
	close(pair[1]);
	if (c->pid < 0) {
		int err = -errno;
		c->pid = 0;
		close(pair[0]);
		return err;
	}
	c->started_ms = now_ms();
	return pair[0];
}

unsigned fwd_child_ended(struct fwd_child *c, int status)
{
	if (now_ms() - c->started_ms > STABLE_MS)
		c->failures = 0;
	unsigned wait = BACKOFF_MS << (c->failures < 7 ? c->failures : 7);
	c->failures++;
	c->pid = 0;
	if (WIFSIGNALED(status))
		log_line(c->log, LOG_ERROR_, "bgpd_died", "signal=%d", WTERMSIG(status));
	else
		log_line(c->log, WEXITSTATUS(status) ? LOG_ERROR_ : LOG_INFO_, "bgpd_ended",
			"status=%d", WEXITSTATUS(status));
	return wait < BACKOFF_MAX_MS ? wait : BACKOFF_MAX_MS;
}

void fwd_child_signal(struct fwd_child *c, int sig)
{
	if (c->pid > 0)
		kill(c->pid, sig);
}
