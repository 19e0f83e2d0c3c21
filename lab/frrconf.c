/*
 * Loads FRR's integrated configuration into the running daemons of a node.
 *
 * What `vtysh -b` does, in a tenth of its time: every daemon is told every line over its vty socket and takes what it
 * knows. A line that a daemon does not know is skipped for it with all that is indented below it, and with the exit
 * that closes such a block. A line that no daemon takes is an error.
 */
#include "lab/frrconf.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/frr.h"
#include "lib/check.h"

#define FILE_MAX  65536
#define LINES_MAX 1024

struct conf_line {
	char *text; /* without what it is indented by */
	int indent;
	bool taken;
};

struct conf_file {
	char text[FILE_MAX];
	struct conf_line line[LINES_MAX];
	unsigned n;
};

static bool conf_read(struct conf_file *c, const char *file)
{
	FILE *f = fopen(file, "re");
	char *save = NULL;
	size_t len;

	if (!f)
		return false;
	len = fread(c->text, 1, FILE_MAX - 1, f);
	fclose(f);
	c->text[len] = 0;
	for (char *l = strtok_r(c->text, "\n", &save); l; l = strtok_r(NULL, "\n", &save)) {
		int indent = strspn(l, " ");

		if (!l[indent] || l[indent] == '!')
			continue;
		if (c->n == LINES_MAX)
			return false;
		c->line[c->n++] = (struct conf_line){.text = l + indent, .indent = indent};
	}
	return len < FILE_MAX - 1;
}

static bool conf_daemon(struct conf_file *c, const char *node, const char *daemon)
{
	struct lab_frr *frr = lab_frr_open(node, daemon);
	int unknown = -1; /* indentation of the block that this daemon does not know */

	if (!frr)
		return false;
	lab_frr_say(frr, "configure terminal");
	lab_frr_say(frr, "XFRR_start_configuration");
	for (unsigned i = 0; i < c->n; i++) {
		struct conf_line *l = &c->line[i];
		bool closes = !strncmp(l->text, "exit", 4);

		if (unknown >= 0 && (l->indent > unknown || (l->indent == unknown && closes)))
			continue;
		unknown = lab_frr_say(frr, l->text) ? -1 : l->indent;
		l->taken |= unknown < 0;
	}
	lab_frr_say(frr, "XFRR_end_configuration");
	lab_frr_close(frr);
	return true;
}

bool lab_frrconf_load(
	const char *node, char *const *daemons, unsigned n, const char *file, char *why, size_t cap)
{
	struct conf_file *c = calloc(1, sizeof *c);
	bool ok;

	CHECK(c);
	ok = conf_read(c, file);
	if (!ok)
		snprintf(why, cap, "%s cannot be read, or is too long", file);
	for (unsigned i = 0; ok && i < n; i++) {
		ok = conf_daemon(c, node, daemons[i]);
		if (!ok)
			snprintf(why, cap, "%s does not answer", daemons[i]);
	}
	for (unsigned i = 0; ok && i < c->n; i++) {
		ok = c->line[i].taken || !strncmp(c->line[i].text, "exit", 4);
		if (!ok)
			snprintf(why, cap, "%s: no daemon of this node takes \"%s\"", file,
				c->line[i].text);
	}
	free(c);
	return ok;
}
