/* The outside half: starts a back end, hands it its job, shows what it reports, and ends it whatever happens. */
#ifndef LAB_HOST_H
#define LAB_HOST_H

#include "lab/backend.h"
#include "lab/channel.h"
#include "lab/report.h"
#include "lab/tally.h"
#include "lab/topo.h"
#include "lab/window.h"

struct lab_options {
	const char *topology; /* a file, a directory, or a name of ours */
	const char *scenario; /* NULL: the one beside the topology */
	enum lab_backend_kind backend;
	bool json;
	const char *junit;
	unsigned timeout_s;
	json_t *attack; /* attacks/run.h's job in place of the scenario's steps; NULL: the scenario */
	struct lab_tally *tally; /* with attack: what it came to. Borrowed */
};

struct lab_host {
	struct lab_options opt;
	struct lab_topo topo;
	char scenario[4096]; /* "": none */
	char self[4096];     /* this program */
	char choice[512];    /* which back end and why */
	int signals;	     /* signalfd: SIGINT, SIGTERM, SIGHUP; SIGCHLD is not needed */
	bool interrupted;
	bool stay; /* the lab is to be kept after its wait steps */
	struct lab_backend backend;
	struct lab_channel channel; /* from the inside */
	struct lab_window window;   /* to the inside */
	struct lab_report report;
};

/* Finds and reads the files, chooses the back end. False: said why on stderr. fini in either case. */
bool lab_host_init(struct lab_host *h, const struct lab_options *opt, FILE *terminal);
void lab_host_fini(struct lab_host *h);

/* Starts the back end. 0 or -errno, said. */
int lab_host_start(struct lab_host *h, bool stay);

/* Hands over the job: what the event "ready" asks for. 0 or -errno. */
int lab_host_job(struct lab_host *h);

/* One lab from boot to verdict. The exit status. */
int lab_host_run(const struct lab_options *opt);

#endif
