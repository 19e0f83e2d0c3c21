/* What goes over a port of a lab that is up: tcpdump in the node captures and filters, here it becomes pcapng. */
#include "lab/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lab/channel.h"
#include "lab/client.h"
#include "lab/lab.h"
#include "lab/pcapng.h"
#include "lab/report.h"
#include "lab/topo.h"
#include "lib/check.h"
#include "lib/complaint.h"

struct capture {
	struct lab_pcapng png;
	int out;
	int err; /* -errno of writing */
};

static bool capture_take(void *arg, const uint8_t *data, size_t len)
{
	struct capture *c = arg;
	size_t n;
	const uint8_t *blocks = lab_pcapng_feed(&c->png, data, len, &n);

	c->err = n ? lab_channel_write(c->out, blocks, n) : 0;
	return !c->err && !c->png.broken;
}

/* The words of tcpdump; packet by packet, or a viewer would see nothing for long. */
static json_t *capture_ask(const struct lab_capture *o, const char *node, const char *port)
{
	json_t *argv =
		json_pack("[s,s,s,s,s,s,s,s]", "tcpdump", "-n", "-U", "-s", "0", "-i", port, "-w");
	char count[16];

	CHECK(argv && !json_array_append_new(argv, json_string("-")));
	if (o->count) {
		snprintf(count, sizeof count, "%u", o->count);
		json_array_append_new(argv, json_string("-c"));
		json_array_append_new(argv, json_string(count));
	}
	if (o->filter) {
		json_array_append_new(argv, json_string("--"));
		json_array_append_new(argv, json_string(o->filter));
	}
	return json_pack("{s:s, s:o}", "node", node, "argv", argv);
}

static int capture_open(const char *file)
{
	int fd;

	if (!file && isatty(1)) {
		fprintf(complaint_to(),
			"lab: standard output is a terminal: give -w FILE, or a pipe: "
			"... | wireshark -k -i -\n");
		return -1;
	}
	fd = file ? open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644) : 1;
	if (fd < 0)
		fprintf(complaint_to(), "lab: %s: %m\n", file);
	return fd;
}

static int capture_end(const struct capture *c, const struct lab_capture *o, int status)
{
	const char *file = o->file ? o->file : "standard output";

	if (c->err == -EPIPE)
		return 0; /* the viewer was closed */
	if (c->err)
		fprintf(complaint_to(), "lab: %s: %s\n", file, strerror(-c->err));
	else if (c->png.broken)
		fprintf(complaint_to(), "lab: what came is no capture\n");
	else if (status == 127)
		fprintf(complaint_to(),
			"lab: the nodes have the programs of this machine: apt-get install "
			"tcpdump\n");
	else if (status == LAB_HELD && o->json)
		lab_report_print(json_pack("{s:s, s:s, s:I}", "port", o->port, "file", o->file,
			"packets", (json_int_t)c->png.packets));
	return c->err || c->png.broken ? LAB_BROKEN : status;
}

int lab_capture(const struct lab_capture *o)
{
	const char *colon = strchr(o->port, ':');
	struct capture c = {.out = -1};
	const struct lab_sink sink = {.take = capture_take, .arg = &c};
	char node[LAB_NAME_MAX + 1];
	int status;

	if (!colon || colon == o->port || colon - o->port > LAB_NAME_MAX || !colon[1]) {
		fprintf(complaint_to(), "lab: \"%s\" is no port: NODE:PORT, pe1:eth1\n", o->port);
		return LAB_UNCLEAR;
	}
	snprintf(node, sizeof node, "%.*s", (int)(colon - o->port), o->port);
	if (o->json && !o->file) {
		fprintf(complaint_to(), "lab: the capture itself is no JSON: give -w FILE\n");
		return LAB_UNCLEAR;
	}
	c.out = capture_open(o->file);
	if (c.out < 0)
		return LAB_UNCLEAR;
	lab_pcapng_init(&c.png, o->port);
	status = lab_client_ask(o->lab, capture_ask(o, node, colon + 1), &sink);
	status = capture_end(&c, o, status);
	if (o->file)
		close(c.out);
	lab_pcapng_fini(&c.png);
	return status;
}
