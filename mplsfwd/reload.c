#include "mplsfwd/reload.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "conf/handover.h"
#include "conf/load.h" /* conf_free */
#include "conf/object.h"
#include "lib/check.h"
#include "lib/text.h"
#include "mplsfwd/fwd.h"
#include "mplsfwd/sock.h"

/* To whoever asked: the text as a descriptor, since it may be long. */
static void answer(struct fwd *f, uint32_t seq, int error, const char *text)
{
	struct fib_msg m = {.type = FIB_RELOADED, .seq = seq, .error = error};
	size_t len = strlen(text);
	int fd = seq ? memfd_create("ravelin-answer", MFD_CLOEXEC) : -1;

	if (fd >= 0 && write(fd, text, len) != (ssize_t)len) {
		close(fd);
		fd = -1;
	}
	if (fd >= 0)
		fwd_server_send_fd(&f->server, &m, fd);
	else if (seq)
		fwd_server_send(&f->server, &m);
}

/* Each line of a text of conf's, which names file, line and column. */
static void log_lines(const struct log *log, const char *text)
{
	char escaped[1024];

	while (*text) {
		struct text t = text_of(escaped, sizeof(escaped));
		size_t len = strcspn(text, "\n");

		text_add_escaped(&t, text, len);
		if (*text != ' ') /* the source line and its caret are for people */
			log_line(log, LOG_ERROR_, "configuration", "why=\"%s\"", escaped);
		text += len + (text[len] == '\n');
	}
}

static void refuse(struct fwd *f, uint32_t seq, int error, const char *text)
{
	log_line(f->log, LOG_ERROR_, "reload_refused", "error=\"%s\"", strerror(error));
	log_lines(f->log, text);
	answer(f, seq, error, text);
}

/* A line each of what differs. */
static void print_difference(
	void *arg, const char *path, const struct conf_object *had, const struct conf_object *has)
{
	fprintf(arg, "%c %s\n", !had ? '+' : !has ? '-' : '~', path);
}

static bool differs(const struct conf_change *c)
{
	return c->counts[CONF_FATE_POLICY] + c->counts[CONF_FATE_RESET] + c->counts[CONF_FATE_NEW] >
	       0;
}

/* bgpd has nobody to ask for a key, nor the right to set one: the listener has them before it knows the neighbours. */
static int hand_over(struct fwd *f, const struct conf_files *files)
{
	struct fwd_reload *r = &f->reload;
	int err = f->listener >= 0 ? fwd_sock_protect(f->listener, r->next, f->log) : 0;

	if (err)
		return err;
	int fd = conf_handover_put(f->conf->file, files, &r->change, r->next->n_peers);
	if (fd < 0)
		return fd;
	fwd_server_send_fd(&f->server, &(struct fib_msg){.type = FIB_CONF}, fd);
	return 0;
}

static void give_up(struct fwd *f)
{
	if (f->listener >= 0 && f->reload.next) {
		(void)fwd_sock_protect(f->listener, f->conf, f->log);
		fwd_sock_forget(f->listener, f->reload.next, f->conf);
	}
	fwd_reload_forget(f);
}

void fwd_reload_forget(struct fwd *f)
{
	conf_change_fini(&f->reload.change);
	conf_free(f->reload.next);
	free(f->reload.said);
	f->reload = (struct fwd_reload){0};
}

/* next is read and checked. True: it is on its way; else text says why not. */
static bool begin(struct fwd *f, struct conf_files *files, uint32_t seq, FILE *text, int *error)
{
	struct fwd_reload *r = &f->reload;
	long before = ftell(text);

	if (!conf_adopt(r->next, f->conf, &r->change)) {
		fprintf(text, "%s: nothing was changed, since only a restart can change %s\n",
			f->conf->file, r->change.refused);
		*error = ENOTSUP;
		return false;
	}
	conf_diff(f->conf, r->next, print_difference, text);
	fflush(text);
	if (ftell(text) == before && !differs(&r->change)) {
		*error = ENODATA;
		return false;
	}
	r->seq = seq;
	*error = -hand_over(f, files);
	return *error == 0;
}

void fwd_reload(struct fwd *f, uint32_t seq)
{
	struct conf_files *files = conf_files_new();
	char *said = NULL;
	size_t len;
	FILE *text = open_memstream(&said, &len);
	int error = EINVAL;
	bool busy = f->reload.next != NULL || f->server.fd < 0, under_way = false;

	CHECK(text != NULL);
	if (!busy)
		f->reload.next = f->load(f->conf->file, files, text);
	if (f->reload.next)
		under_way = !busy && begin(f, files, seq, text, &error);
	fclose(text);
	conf_files_free(files);
	if (busy)
		refuse(f, seq, EBUSY, "another reload is under way; try again\n");
	else if (!under_way && error == ENODATA)
		answer(f, seq, ENODATA, "");
	else if (!under_way)
		refuse(f, seq, error, said);
	else
		f->reload.said = said;
	if (!under_way && !busy)
		give_up(f);
	if (!under_way)
		free(said);
}

/* Everything here that looks at the configuration: ports and VRFs are the same ones, in the same order. */
static void put_in_force(struct fwd *f, struct conf *next)
{
	f->conf = f->child.conf = f->guard.conf = f->lfib.conf = f->vrfs.conf = f->ports.conf =
		next;
	if (f->edge)
		fwd_edge_reload(f->edge, next);
	f->rundir.path = next->run_dir;
	conf_free(f->loaded);
	f->loaded = next;
}

void fwd_reload_taken(struct fwd *f, int32_t error)
{
	struct fwd_reload *r = &f->reload;

	if (!r->next)
		return; /* of a bgpd that is gone */
	if (error) {
		refuse(f, r->seq, error,
			error == EBUSY
				? "the last reload is still being told to neighbors; try again\n"
				: "bgpd could not take it\n");
		give_up(f);
		return;
	}
	if (f->listener >= 0)
		fwd_sock_forget(f->listener, f->conf, r->next);
	log_line(f->log, LOG_INFO_, "reloaded",
		"file=\"%s\" same=%u policy=%u reset=%u gone=%u new=%u", r->next->file,
		r->change.counts[CONF_FATE_SAME], r->change.counts[CONF_FATE_POLICY],
		r->change.counts[CONF_FATE_RESET], r->change.counts[CONF_FATE_GONE],
		r->change.counts[CONF_FATE_NEW]);
	answer(f, r->seq, 0, r->said ? r->said : "");
	put_in_force(f, r->next);
	r->next = NULL;
	fwd_reload_forget(f);
}
