#include "bgpd/daemon.h"

#include <stdio.h>

#include "conf/load.h"
#include "config.h"
#include "mplsfwd/probe.h"

static const char daemon_usage[] =
	"usage: ravelind -f FILE [-d LEVEL] [--no-fib] [--record FILE]\n"
	"       ravelind --check FILE\n"
	"       ravelind --probe [--json]\n"
	"\n"
	"A BGP/MPLS L3VPN provider-edge router (RFC 4364). Runs in the foreground until SIGTERM, "
	"logs to stderr.\n"
	"\n"
	"  -f, --file FILE     configuration (YAML)\n"
	"  -d, --debug LEVEL   least level logged: debug, info (default), warn, error\n"
	"      --check FILE    say everything that is wrong with a configuration, change nothing\n"
	"      --probe         say what this kernel can do for a PE, and how to mend what it "
	"lacks\n"
	"      --json          --probe as JSON\n"
	"      --no-fib        control plane only: sessions and routes, the kernel is not "
	"programmed\n"
	"      --record FILE   write every event of the run to FILE, for replay (new file, mode "
	"0600)\n"
	"  -h, --help          -V, --version\n"
	"\n"
	"exit status: 0 stopped as asked, or all is well; 1 --check found errors, --probe found "
	"something\n"
	"missing, or the start failed; 2 usage; 3 a privilege is missing\n"
	"\n"
	"Ask a running one with ravelin(1): ravelin show bgp summary\n";

static int daemon_check(const char *file)
{
	struct conf *conf = conf_load(file, stderr);

	if (!conf)
		return DAEMON_NO;
	printf("%s: ok\n", file);
	conf_free(conf);
	return DAEMON_OK;
}

static int daemon_probe(bool json)
{
	struct fwd_caps caps;

	fwd_probe(&caps);
	fwd_probe_print(&caps, json, stdout);
	return caps.pe ? DAEMON_OK : DAEMON_NO;
}

int daemon_main(const struct daemon_options *o)
{
	switch (o->mode) {
	case DAEMON_HELP:
		return fputs(daemon_usage, stdout) < 0;
	case DAEMON_VERSION:
		return printf("ravelind %s\n", PACKAGE_VERSION) < 0;
	case DAEMON_CHECK:
		return daemon_check(o->file);
	case DAEMON_PROBE:
		return daemon_probe(o->json);
	case DAEMON_RUN:
		break;
	}
	return DAEMON_NO;
}
