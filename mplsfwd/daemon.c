#include "mplsfwd/daemon.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conf/load.h"
#include "lib/check.h"
#include "mplsfwd/fwd.h"
#include "mplsfwd/leftover.h"
#include "mplsfwd/probe.h"

/* SIGTERM to exit takes at most this and a second more: container runtimes kill after a few seconds. */
static const struct timeval stop_wait = {1, 500000};

/* How long a setting that nobody announces may stand wrong. */
static const struct timeval patrol_wait = {2, 0};

/* What the next bgpd has to know of what stands in the kernel from before it. */
static struct fib_kept kept_look(const struct fwd *f)
{
	struct fib_kept k = {0};

	k.list = fwd_lfib_kept(&f->lfib, &k.n);
	if (!f->kept)
		return k;
	k.list = realloc(k.list, (k.n + 1) * sizeof(*k.list));
	CHECK(k.list);
	k.list[k.n++] = (struct fib_msg){.type = FIB_KEPT, .vrf = FIB_VRF_CORE};
	return k;
}

static void child_start(struct fwd *f)
{
	struct fib_kept kept = kept_look(f);
	int fd = fwd_child_start(&f->child, &kept);

	free(kept.list);
	f->kept = true; /* the one after it */

	if (fd < 0) {
		log_line(f->log, LOG_ERROR_, "bgpd_not_started", "error=\"%s\"", strerror(-fd));
		event_add(f->restart, &(struct timeval){1, 0});
		return;
	}
	f->said_bye = false;
	fwd_server_open(&f->server, f->base, fd);
	log_line(f->log, LOG_INFO_, "bgpd_started", "pid=%d", (int)f->child.pid);
	fwd_apisock_tell(&f->apisock, &f->rundir, &f->server);
	if (f->rollback.before)
		fwd_rollback_tell(f);
	if (f->no_fib)
		fwd_nofib_hello(f);
	else
		fwd_react_hello(f);
	fwd_notify_child(&f->notify);
}

static void on_restart(evutil_socket_t fd, short what, void *arg)
{
	struct fwd *f = arg;

	if (!f->stopping)
		child_start(f);
}

void fwd_daemon_child_lost(struct fwd *f, const char *why)
{
	if (!f->stopping)
		log_line(f->log, LOG_ERROR_, "bgpd_lost", "why=\"%s\"", why);
	if (!f->stopping || !f->said_bye)
		fwd_child_signal(&f->child, SIGKILL);
	fwd_server_close(&f->server);
	fwd_listeners_close(&f->listeners);
	fwd_reload_lost(f);
}

static void child_ended(struct fwd *f, int status)
{
	unsigned wait_ms = fwd_child_ended(&f->child, status);

	fwd_server_close(&f->server);
	fwd_listeners_close(&f->listeners);
	fwd_reload_lost(f);
	if (f->stopping) {
		event_base_loopbreak(f->base);
		return;
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == FWD_CHILD_FATAL) {
		f->child_fatal = true;
		event_base_loopbreak(f->base);
		return;
	}
	if (f->edge)
		fwd_edge_restart(f->edge);
	fwd_lfib_restart(&f->lfib); /* forwarding goes on; the next bgpd says everything again */
	event_add(f->restart, &(struct timeval){wait_ms / 1000, (wait_ms % 1000) * 1000});
}

static void stop_begin(struct fwd *f, int sig)
{
	if (f->stopping)
		return;
	f->stopping = true;
	f->keeping = sig == SIGUSR1;
	fwd_notify_stopping(&f->notify);
	log_line(f->log, LOG_INFO_, "stopping", "signal=%d%s", sig,
		f->keeping ? " forwarding=kept" : "");
	if (!f->child.pid) {
		event_base_loopbreak(f->base);
		return;
	}
	fwd_child_signal(&f->child, f->keeping ? SIGUSR1 : SIGTERM);
	event_add(f->deadline, &stop_wait);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct fwd *f = arg;

	log_line(f->log, LOG_WARN_, "bgpd_slow", "why=\"did not end in time\"");
	fwd_child_signal(&f->child, SIGKILL);
}

static void on_signal(evutil_socket_t fd, short what, void *arg)
{
	struct fwd *f = arg;
	struct signalfd_siginfo si;
	int status;

	while (read(f->signal_fd, &si, sizeof(si)) == sizeof(si)) {
		if (si.ssi_signo == SIGHUP) {
			fwd_reload(f, 0, 0);
			continue;
		}
		if (si.ssi_signo != SIGCHLD) {
			stop_begin(f, (int)si.ssi_signo);
			continue;
		}
		/* All that has ended: as process 1 of a container this one inherits orphans. */
		for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
			if (pid == f->child.pid)
				child_ended(f, status);
	}
}

static void on_retry(evutil_socket_t fd, short what, void *arg)
{
	struct fwd *f = arg;

	if (!f->stopping)
		fwd_react(f);
}

/* What changes without a notification, and what a notification may have missed. */
static void on_patrol(evutil_socket_t fd, short what, void *arg)
{
	struct fwd *f = arg;

	if (f->stopping)
		return;
	fwd_guard_check(&f->guard);
	bool drifted = fwd_edge_look(f->edge);
	fwd_ports_guard(&f->ports);
	if (drifted)
		fwd_react(f);
}

/* signalfd and not libevent's signals: those are one base to a process, and bgpd has a base of its own. */
static int signals_open(struct fwd *f)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	f->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (f->signal_fd < 0)
		return -errno;
	f->signals = event_new(f->base, f->signal_fd, EV_READ | EV_PERSIST, on_signal, f);
	event_add(f->signals, NULL);
	return 0;
}

/* Programs, maps and listeners are a dozen descriptors a port and one a VRF; who starts us allows what the hard limit says. */
static void descriptors_raise(void)
{
	struct rlimit r;

	if (!getrlimit(RLIMIT_NOFILE, &r)) {
		r.rlim_cur = r.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &r);
	}
}

/* What must be there before anything is begun; each missing row is one log line with its remedy. */
static int kernel_check(const struct conf *conf, const struct log *log)
{
	static const enum fwd_probe_id must[] = {FWD_PROBE_ADMIN, FWD_PROBE_VRF, FWD_PROBE_ENCAP,
		FWD_PROBE_MD5, FWD_PROBE_MD5_VRF, FWD_PROBE_GUARD, FWD_PROBE_SOURCE};
	struct fwd_caps caps;
	int err = 0;

	fwd_probe(&caps);
	for (size_t i = 0; i < ARRAY_LEN(must); i++) {
		const struct fwd_probe_row *r = &caps.rows[must[i]];
		if (must[i] == FWD_PROBE_GUARD && !fwd_edge_is_wanted(conf))
			continue;
		if (r->ok || !r->tried) /* what could not be tried is found out when it is needed */
			continue;
		err = r->needed ? -ENOTSUP : err;
		log_line(log, r->needed ? LOG_ERROR_ : LOG_WARN_, "kernel_missing",
			"name=%s what=\"%s\" error=\"%s\" try=\"%s\"", r->name, r->what,
			strerror(r->error), r->remedy ? r->remedy : "another kernel");
	}
	return err;
}

static int fail(struct fwd *f, const char *step, int err)
{
	if (err)
		log_line(f->log, LOG_ERROR_, "start_failed", "step=%s error=\"%s\"", step,
			strerror(-err));
	return err;
}

static void edge_said(void *arg, const struct fib_msg *m)
{
	struct fwd *f = arg;

	fwd_server_send(&f->server, m);
}

static void alive_ask(void *arg, uint32_t seq)
{
	struct fwd *f = arg;

	fwd_server_send(&f->server, &(struct fib_msg){.type = FIB_ALIVE_GET, .seq = seq});
}

static int edge_start(struct fwd *f)
{
	const struct fwd_edge_world world = {.conf = f->conf,
		.log = f->log,
		.base = f->base,
		.lfib = &f->lfib,
		.ports = &f->ports,
		.rules = &f->rules,
		.seed = f->seed};
	int err = fwd_edge_open(&f->edge, &world, edge_said, f);

	f->ports.edge = f->edge;
	return err;
}

static int netlink_start(struct fwd *f)
{
	int err = fwd_ctl_open(&f->ctl);

	if (err)
		return fail(f, "netlink", err);
	/* first of all: what the kernel does with a port that is not in its VRF */
	for (unsigned i = 0; i < f->conf->n_ports; i++)
		if (fwd_guard_port_guarded(&f->conf->ports[i]))
			fwd_rules_add(&f->rules, f->conf->ports[i].name);
	err = fwd_rules_ports(&f->rules);
	if (err)
		return fail(f, "rules", err);
	err = fwd_guard_start(&f->guard);
	if (err)
		return fail(f, "guard", err);
	err = edge_start(f);
	if (err)
		return fail(f, "edge", err);
	err = be_nl_open(&f->nl, f->base, &f->lfib, f->log, fwd_request_acks, f);
	if (!err)
		err = fwd_watch_open(
			&f->watch, f->base, &f->ctl, f->nl.port, f->log, fwd_react_calls(), f);
	return fail(f, "watch", err);
}

static int forwarding_start(struct fwd *f)
{
	int err = netlink_start(f);

	if (err)
		return err;
	fwd_vrfs_sweep(&f->vrfs);
	f->starting = true;
	err = fwd_react(f);
	if (err)
		return fail(f, "vrf", err);
	event_add(f->patrol, &patrol_wait);
	err = fwd_leftovers_find(f);
	if (err)
		return fail(f, "leftovers", err);
	f->starting = false;
	fwd_react(f);
	return 0;
}

static int start(struct fwd *f)
{
	int err = signals_open(f); /* before there is anything that an end would leave behind */

	descriptors_raise();
	if (err)
		return fail(f, "signals", err);
	err = f->no_fib ? 0 : kernel_check(f->conf, f->log);
	if (err)
		return fail(f, "kernel", err);
	err = fwd_rundir_open(&f->rundir, f->conf->run_dir, !f->no_fib,
		fwd_apisock_is_shared(&f->conf->api), f->log);
	if (err)
		return fail(f, "run-dir", err);
	err = fwd_apisock_open(&f->apisock, &f->conf->api, f->log);
	if (err)
		return fail(f, "api", err);
	err = fwd_said_secure(&f->said, f->conf);
	if (err)
		return fail(f, "security-log", err);
	f->kept = fwd_rundir_was_left(&f->rundir);
	err = f->no_fib ? 0 : forwarding_start(f);
	if (err)
		return err;
	return fail(f, "privileges", fwd_child_privileges_limit(!f->no_fib));
}

static void init(struct fwd *f, const struct conf *conf, const struct log *log,
	const struct fwd_options *options, fwd_child_fn *child, void *arg)
{
	*f = (struct fwd){.conf = conf,
		.log = log,
		.signal_fd = -1,
		.load = options->load,
		.no_fib = options->no_fib,
		.retry_s = 1};
	fwd_said_init(&f->said, log, conf);
	log = f->log = &f->said.log;
	CHECK(getrandom(&f->seed, sizeof(f->seed), 0) == sizeof(f->seed));
	f->base = event_base_new();
	fwd_listeners_init(&f->listeners, conf->n_vrfs);
	f->port_told = calloc(conf->n_ports + 1, sizeof(*f->port_told));
	CHECK(f->base && f->port_told);
	f->child = (struct fwd_child){.conf = conf, .log = log, .fn = child, .arg = arg};
	f->rundir = (struct fwd_rundir){
		.path = conf->run_dir, .lock = -1, .ns_lock = -1, .api = -1, .api_ro = -1};
	f->watch.fd = f->nl.fd = -1;
	fwd_guard_init(&f->guard, conf, log);
	fwd_lfib_init(&f->lfib, conf, f->seed);
	fwd_vrfs_init(&f->vrfs, &f->guard, &f->ctl, &f->watch);
	fwd_ports_init(&f->ports, &f->vrfs, &f->guard);
	fwd_rules_init(&f->rules, &f->ctl, log);
	fwd_server_init(
		&f->server, log, options->no_fib ? fwd_nofib_calls() : fwd_request_calls(), f);
	fwd_said_run(&f->said, f->base, &f->server);
	fwd_rollback_open(f, options->kept);
	fwd_notify_open(&f->notify, f->base, log, alive_ask, f);
	f->retry = event_new(f->base, -1, 0, on_retry, f);
	f->patrol = event_new(f->base, -1, EV_PERSIST, on_patrol, f);
	f->restart = event_new(f->base, -1, 0, on_restart, f);
	f->deadline = event_new(f->base, -1, 0, on_deadline, f);
	CHECK(f->retry && f->patrol && f->restart && f->deadline);
}

/*
 * Everything of ours, in an order that opens nothing: labels and routes, then ports (down, then out), then VRFs,
 * the rules' order only when no VRF is left that it protects, and when the ports are down their programs and rules.
 */
static void remove_all(struct fwd *f)
{
	if (f->nl.fd >= 0) {
		if (!f->said_bye)
			fwd_lfib_apply(&f->lfib, &(struct fib_msg){.type = FIB_BYE});
		be_nl_run(&f->nl);
	}
	if (f->watch.fd >= 0) {
		fwd_ports_remove(&f->ports);
		if (fwd_vrfs_remove(&f->vrfs))
			fwd_rules_restore(&f->rules);
		else
			log_line(f->log, LOG_INFO_, "rules_kept",
				"why=\"a VRF that is not ours needs their order\"");
		fwd_guard_stop(&f->guard);
		fwd_edge_stop(f->edge);
		fwd_rules_remove(&f->rules);
		return;
	}
	fwd_guard_stop(&f->guard);
	fwd_rules_remove(&f->rules);
}

static void fini(struct fwd *f)
{
	fwd_said_end(&f->said);
	fwd_reload_forget(f);
	fwd_rollback_close(f);
	fwd_server_close(&f->server);
	fwd_notify_close(&f->notify);
	fwd_watch_close(&f->watch);
	be_nl_close(&f->nl);
	fwd_edge_free(f->edge);
	fwd_rules_fini(&f->rules);
	fwd_ports_fini(&f->ports);
	fwd_vrfs_fini(&f->vrfs);
	fwd_guard_fini(&f->guard);
	fwd_lfib_fini(&f->lfib);
	fwd_react_fini(f);
	fwd_ctl_close(&f->ctl);
	fwd_apisock_close(&f->apisock);
	fwd_rundir_close(&f->rundir);
	struct event *events[] = {f->signals, f->retry, f->patrol, f->restart, f->deadline};
	for (size_t i = 0; i < ARRAY_LEN(events); i++)
		if (events[i])
			event_free(events[i]);
	event_base_free(f->base);
	if (f->signal_fd >= 0)
		close(f->signal_fd);
	conf_free(f->loaded);
	fwd_listeners_fini(&f->listeners);
	free(f->port_told);
}

int fwd_daemon_run(const struct conf *conf, const struct log *log,
	const struct fwd_options *options, fwd_child_fn *child, void *arg)
{
	struct fwd *f = malloc(sizeof(*f));

	CHECK(f);
	init(f, conf, log, options, child, arg);
	log = f->log;
	int err = start(f);
	if (!err) {
		log_line(log, LOG_INFO_, "forwarding_ready", "vrfs=%u ports=%u", conf->n_vrfs,
			conf->n_ports);
		child_start(f);
		event_base_dispatch(f->base);
		err = f->child_fatal ? -EPERM : 0;
	}
	if (f->keeping)
		fwd_rundir_leave(&f->rundir);
	else if (f->ctl.sk)
		remove_all(f);
	log_line(log, LOG_INFO_, "stopped", "status=%d", err ? 1 : 0);
	fini(f);
	free(f);
	return err ? 1 : 0;
}
