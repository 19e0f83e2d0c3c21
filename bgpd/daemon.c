#include "bgpd/daemon.h"

#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bgpd/io/apitls.h"
#include "bgpd/check.h"
#include "bgpd/io/clock.h"
#include "bgpd/io/loop.h"
#include "bgpd/io/priv.h"
#include "bgpd/io/remote.h"
#include "bgpd/io/said.h"
#include "bgpd/keys.h"
#include "conf/defaults.h"
#include "conf/kept.h"
#include "conf/load.h"
#include "config.h"
#include "lib/check.h"
#include "lib/logring.h"
#include "mplsfwd/daemon.h"
#include "mplsfwd/probe.h"

#define DAEMON_PATH_MAX	   4096
#define DAEMON_RECORDS_MAX 100
#define DAEMON_FDS_BASE	   128 /* the pair, the API and its clients, epoll, stderr */
#define DAEMON_PEERS_MORE  512 /* that a reload may bring */
#define DAEMON_VRFS_MORE   256 /* ... */
#define DAEMON_FDS_A_PEER                                                                          \
	8 /* IO_ACCEPT_PER_PEER, the one we dialled, and dialled ones that are being closed */
#define DAEMON_FDS_A_REMOTE 4

static const char daemon_usage[] =
	"usage: ravelind -f FILE [-d LEVEL] [--no-fib] [--record FILE]\n"
	"       ravelind --check FILE [--json]\n"
	"       ravelind --probe [--json]\n"
	"       ravelind --print-defaults\n"
	"\n"
	"A BGP/MPLS L3VPN provider-edge router (RFC 4364), route reflector and route\n"
	"server. Runs in the foreground until SIGTERM, logs to standard error.\n"
	"\n"
	"  -f, --file FILE     configuration (YAML)\n"
	"  -d, --debug LEVEL   least level logged: debug, info (default), warn, error\n"
	"      --log-format FORM   logfmt (default), json, or journal (with its priorities)\n"
	"      --check FILE    say everything that is wrong with a configuration\n"
	"      --probe         say what this kernel can do, and how to mend what it lacks\n"
	"      --json          --probe as JSON, --check as JSON lines\n"
	"      --print-defaults    every key there is, with its default\n"
	"      --no-fib        control plane only: the kernel is not programmed\n"
	"      --record FILE   write every event to a new FILE (mode 0600), for replay\n"
	"  -h, --help          -V, --version\n"
	"\n"
	"exit status: 0 stopped as asked, or all is well; 1 --check found errors, --probe\n"
	"found something missing, or the start failed; 2 usage; 3 a privilege is missing\n"
	"\n"
	"Ask a running one with ravelin(1): ravelin show bgp summary\n";

static int daemon_probe(bool json)
{
	struct fwd_caps caps;

	fwd_probe(&caps);
	fwd_probe_print(&caps, json, stdout);
	return caps.pe ? DAEMON_OK : DAEMON_NO;
}

/*
 * A new file that only its owner may read: it holds everything that the neighbours said. FILE, or FILE.1 and so on if
 * it is there: a bgpd that is started again must not destroy the record of why.
 */
static int daemon_open_record(const char *file, const struct log *log)
{
	char path[DAEMON_PATH_MAX];
	int fd = -1;

	for (unsigned i = 0; i < DAEMON_RECORDS_MAX && fd < 0; i++) {
		if (i == 0)
			snprintf(path, sizeof(path), "%s", file);
		else
			snprintf(path, sizeof(path), "%s.%u", file, i);
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	if (fd < 0)
		log_line(log, LOG_ERROR_, "record_refused", "file=\"%s\" error=\"%s\"", path,
			strerror(errno));
	else
		log_line(log, LOG_INFO_, "recording", "file=\"%s\"", path);
	return fd;
}

/* Becomes bgpd. Nothing is read from the pair or the network before io_priv_drop has succeeded. */
static int daemon_child(
	const struct conf *conf, int pair_fd, const struct fib_kept *kept, void *arg)
{
	const struct daemon_options *o = arg;
	struct log log = {.proc = "bgpd",
		.minimum = o->level,
		.fd = STDERR_FILENO,
		.format = o->format,
		.ring = o->ring}; /* a copy since the fork: what mplsfwd has logged is in it */
	struct io_said said;
	uid_t starter = geteuid();
	char root[DAEMON_PATH_MAX], why[256];
	struct io_priv priv = {.user = conf->user,
		.root = root,
		.max_descriptors = DAEMON_FDS_BASE + conf->n_vrfs + DAEMON_VRFS_MORE +
				   (conf->n_peers + DAEMON_PEERS_MORE) * DAEMON_FDS_A_PEER +
				   CONF_REMOTES_MAX * DAEMON_FDS_A_REMOTE};
	struct io_remotes *remotes = NULL;
	SSL_CTX *api_tls = NULL;
	int record = -1;

	io_said_init(&said, &log, pair_fd, conf);
	keys_forget(conf);
	if (o->record && (record = daemon_open_record(o->record, &log)) < 0)
		return FWD_CHILD_FATAL;
	if (!(remotes = io_remotes_new(conf, why, sizeof(why)))) {
		log_line(&log, LOG_ERROR_, "remotes_refused", "reason=\"%s\"", why);
		return FWD_CHILD_FATAL;
	}
	if (conf->api.n_listen && !(api_tls = io_apitls_new(&conf->api, &log, why, sizeof(why)))) {
		log_line(&log, LOG_ERROR_, "api_tls_failed", "reason=\"%s\"", why);
		return FWD_CHILD_FATAL;
	}
	struct io_roles *roles = io_roles_new(&conf->api, starter, &log);
	snprintf(root, sizeof(root), "%s/empty", conf->run_dir);
	if (!io_priv_drop(&priv, why, sizeof(why))) {
		log_line(&log, LOG_ERROR_, "privileges_kept", "reason=\"%s\"", why);
		return FWD_CHILD_FATAL;
	}
	log_line(&log, LOG_INFO_, "privileges_dropped", "user=%s root=%s", conf->user, root);
	int status = io_loop_run(&(struct io_options){.conf = conf,
		.log = &log,
		.remotes = remotes,
		.pair_fd = pair_fd,
		.kept = kept,
		.record_fd = record,
		.seed = io_clock_seed(),
		.roles = roles,
		.api_tls = api_tls,
		.said = &said});
	io_said_fini(&said);
	io_roles_free(roles);
	SSL_CTX_free(api_tls);
	log_ring_free(log.ring);
	return status;
}

/* A user other than root has them from the file (setcap ...=p): permitted, but not in effect. */
static void daemon_raise(void)
{
	static const unsigned used[] = {CAP_NET_ADMIN, CAP_NET_RAW, CAP_NET_BIND_SERVICE,
		CAP_SETUID, CAP_SETGID, CAP_SETPCAP, CAP_SYS_CHROOT, CAP_KILL, CAP_BPF,
		CAP_PERFMON};

	capng_get_caps_process();
	for (size_t i = 0; i < ARRAY_LEN(used); i++)
		if (capng_have_capability(CAPNG_PERMITTED, used[i]))
			capng_update(CAPNG_ADD, CAPNG_EFFECTIVE, used[i]);
	capng_apply(CAPNG_SELECT_CAPS); /* what did not come into effect is named below */
}

/* Says all that is missing at once, and how to get it. */
static bool daemon_is_privileged(void)
{
	static const unsigned needed[] = {CAP_NET_ADMIN, CAP_NET_RAW, CAP_NET_BIND_SERVICE,
		CAP_SETUID, CAP_SETGID, CAP_SETPCAP, CAP_SYS_CHROOT};
	bool all = true;

	daemon_raise();
	capng_get_caps_process();
	for (size_t i = 0; i < ARRAY_LEN(needed); i++) {
		if (capng_have_capability(CAPNG_EFFECTIVE, needed[i]))
			continue;
		fprintf(stderr, "%s %s", all ? "ravelind: not permitted; missing:" : "",
			capng_capability_to_name(needed[i]));
		all = false;
	}
	if (!all)
		fputs("\nravelind: start it as root; in a container: --cap-add NET_ADMIN (the "
		      "others are there by "
		      "default)\n",
			stderr);
	return all;
}

/* What reading it left in memory is overwritten: the next bgpd is forked from here. */
static struct conf *daemon_load(const char *file, struct conf_files *files, FILE *diag)
{
	keys_guard();
	struct conf *conf = conf_load_files(file, files, diag);
	keys_scrub();
	return conf;
}

static int daemon_run(const struct daemon_options *o)
{
	struct daemon_options own = *o;
	own.ring = log_ring_new();
	const struct log log = {.proc = "mplsfwd",
		.minimum = o->level,
		.fd = STDERR_FILENO,
		.format = o->format,
		.ring = own.ring};

	struct fwd_options options = {.load = daemon_load, .no_fib = o->no_fib};
	struct conf_files *files = conf_files_new();
	struct conf *conf = daemon_load(o->file, files, stderr);
	if (conf)
		options.kept = conf_keep(files);
	conf_files_free(files);
	if (!conf) {
		log_ring_free(own.ring);
		return DAEMON_NO;
	}
	int status = DAEMON_DENIED;
	if (daemon_is_privileged())
		status = fwd_daemon_run(conf, &log, &options, daemon_child, &own);
	else
		conf_kept_free(options.kept);
	conf_free(conf);
	log_ring_free(own.ring);
	return status;
}

int daemon_main(const struct daemon_options *o)
{
	switch (o->mode) {
	case DAEMON_HELP:
		return fputs(daemon_usage, stdout) < 0;
	case DAEMON_VERSION:
		return printf("ravelind %s\n", PACKAGE_VERSION) < 0;
	case DAEMON_CHECK:
		return check_main(o->file, o->json);
	case DAEMON_PROBE:
		return daemon_probe(o->json);
	case DAEMON_DEFAULTS:
		conf_defaults_print(stdout);
		return ferror(stdout) ? DAEMON_NO : DAEMON_OK;
	case DAEMON_RUN:
		return daemon_run(o);
	}
	UNREACHABLE();
}
