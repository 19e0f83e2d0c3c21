#include "mplsfwd/reload.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "conf/fate.h"
#include "conf/handover.h"
#include "conf/load.h" /* conf_free */
#include "conf/object.h"
#include "lib/check.h"
#include "lib/text.h"
#include "mplsfwd/enforce.h"
#include "mplsfwd/fwd.h"
#include "mplsfwd/sock.h"

/* To whoever asked, the text as a descriptor, since it may be long. Nobody (a signal): bgpd counts it. */
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
	else
		fwd_server_send(&f->server, &m);
}

/* Each line of a text of conf's, which names file, line and column. */
static void log_lines(const struct log *log, enum log_level level, const char *text)
{
	char escaped[1024];

	while (*text) {
		struct text t = text_of(escaped, sizeof(escaped));
		size_t len = strcspn(text, "\n");

		text_add_escaped(&t, text, len);
		if (*text != ' ') /* the source line and its caret are for people */
			log_line(log, level, "configuration", "why=\"%s\"", escaped);
		text += len + (text[len] == '\n');
	}
}

static void refuse(struct fwd *f, uint32_t seq, int error, const char *text)
{
	log_line(f->log, LOG_ERROR_, "reload_refused", "error=\"%s\"", strerror(error));
	log_lines(f->log, LOG_ERROR_, text);
	answer(f, seq, error, text);
}

/* A line each of what differs. */
static void print_difference(
	void *arg, const char *path, const struct conf_object *had, const struct conf_object *has)
{
	fprintf(arg, "%c %s\n", !had ? '+' : !has ? '-' : '~', path);
}

static void print_peer(
	const struct conf *c, const struct conf_peer *p, char sign, const char *what, FILE *out)
{
	fprintf(out, "%c %s%s%sneighbors/%s: %s\n", sign, p->vrf == CONF_VRF_NONE ? "" : "vrfs/",
		p->vrf == CONF_VRF_NONE ? "" : c->vrfs[p->vrf].name,
		p->vrf == CONF_VRF_NONE ? "" : "/", p->name, what);
}

/* Keys do not show in objects: who has another one is named by what becomes of him. */
static void print_keys(const struct conf *now, const struct fwd_reload *r, FILE *out)
{
	for (unsigned i = 0; i < now->n_peers; i++) {
		const struct conf_peer *was = &now->peers[i], *is = &r->next->peers[i];

		if (r->change.fates[i] == CONF_FATE_RESET && was->slot == 0 &&
			(was->password_len != is->password_len ||
				memcmp(was->password, is->password, is->password_len) != 0))
			print_peer(r->next, is, '~', "the key", out);
	}
}

/* Of the same name there is one at another place: another table, or another route distinguisher. */
static bool is_made_anew(const struct conf *next, const struct conf_vrf *was)
{
	for (unsigned i = 0; i < next->n_vrfs; i++)
		if (!conf_vrf_is_gone(&next->vrfs[i]) && strcmp(next->vrfs[i].name, was->name) == 0)
			return true;
	return false;
}

/* What does not go on: who is about to reload wants to know before. */
static void print_interrupted(const struct conf *now, const struct fwd_reload *r, FILE *out)
{
	const struct conf_change *c = &r->change;

	for (unsigned i = 0; i < now->n_vrfs; i++)
		if (c->vrfs[i] == CONF_FATE_GONE && !conf_vrf_is_gone(&now->vrfs[i]) &&
			is_made_anew(r->next, &now->vrfs[i]))
			fprintf(out, "! vrfs/%s: made anew, sessions and all\n", now->vrfs[i].name);
	for (unsigned i = 0; i < now->n_ports; i++)
		if (c->ports[i] == CONF_FATE_RESET)
			fprintf(out, "! ports/%s: closed, and opened in its new place\n",
				now->ports[i].name);
	for (unsigned i = 0; i < now->n_remotes; i++)
		if (c->remotes[i] == CONF_FATE_RESET &&
			strcmp(now->remotes[i].name, r->next->remotes[i].name) == 0)
			fprintf(out, "! %s/%s: the connection begins anew\n",
				conf_fate_remote_list(now->remotes[i].kind), now->remotes[i].name);
	for (unsigned i = 0; i < now->n_peers; i++)
		if (c->fates[i] == CONF_FATE_RESET && now->peers[i].slot == 0)
			print_peer(
				r->next, &r->next->peers[i], '!', "the session begins anew", out);
}

static void print_fates(const struct conf *now, const struct fwd_reload *r, FILE *out)
{
	print_keys(now, r, out);
	print_interrupted(now, r, out);
}

/* bgpd has nobody to ask for a key, nor the right to set one: the listener has them before it knows the neighbours. */
static int hand_over(struct fwd *f, const struct conf_files *files)
{
	struct fwd_reload *r = &f->reload;
	int err = fwd_listeners_protect(f, r->next);

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
	if (f->reload.next) {
		(void)fwd_listeners_protect(f, f->conf);
		fwd_listeners_forget(f, f->reload.next, f->conf);
	}
	fwd_reload_forget(f);
}

void fwd_reload_forget(struct fwd *f)
{
	conf_change_fini(&f->reload.change);
	conf_free(f->reload.next);
	conf_kept_free(f->reload.kept);
	free(f->reload.said);
	f->reload = (struct fwd_reload){0};
}

void fwd_reload_lost(struct fwd *f)
{
	fwd_reload_forget(f);
	fwd_rollback_look(f);
}

/* next is read and checked: 0 if it is on its way, else why not; what differs goes to changes, what is wrong to wrong. */
static int compare(struct fwd *f, FILE *changes, FILE *wrong)
{
	struct fwd_reload *r = &f->reload;

	if (!conf_adopt(r->next, f->conf, &r->change)) {
		fprintf(wrong, "%s: nothing was changed, since only a restart can change %s\n",
			f->conf->file, r->change.refused);
		return ENOTSUP;
	}
	conf_diff(f->conf, r->next, print_difference, changes);
	print_fates(f->conf, r, changes);
	if (ftell(changes) == 0)
		return ENODATA;
	return r->seconds && !fwd_rollback_is_possible(f, r->next, wrong) ? ENOTSUP : 0;
}

static int read_files(struct fwd *f, struct conf_files *files, FILE *changes, FILE *wrong)
{
	struct fwd_reload *r = &f->reload;

	r->since_ms = fwd_rollback_clock();
	r->next = f->load(f->conf->file, files, wrong);
	if (!r->next)
		return EINVAL;
	r->kept = conf_keep(files);
	if (!r->kept)
		log_line(f->log, LOG_WARN_, "configuration_not_kept", "error=\"%s\"",
			strerror(errno));
	return compare(f, changes, wrong);
}

static int read_anew(struct fwd *f, FILE *changes, FILE *wrong)
{
	struct conf_files *files = conf_files_new();
	int error = read_files(f, files, changes, wrong);

	if (!error)
		error = -hand_over(f, files);
	conf_files_free(files);
	return error;
}

static void find_unchanged(struct fwd *f, uint32_t seq, uint32_t seconds)
{
	log_line(f->log, LOG_INFO_, "reload_unchanged", "file=\"%s\"", f->conf->file);
	fwd_rollback_reloaded(f, seconds, NULL);
	answer(f, seq, ENODATA, "");
}

void fwd_reload(struct fwd *f, uint32_t seq, uint32_t seconds)
{
	char *changes = NULL, *wrong = NULL;
	size_t len;

	fwd_said_reload(&f->said, f->conf);
	if (f->reload.next || f->server.fd < 0) {
		refuse(f, seq, EBUSY, "");
		return;
	}
	if (seconds > FWD_CONFIRM_MAX_S) {
		refuse(f, seq, EINVAL, "a day at most may pass until a reload is confirmed\n");
		return;
	}
	f->reload.seconds = seconds;
	FILE *c = open_memstream(&changes, &len), *w = open_memstream(&wrong, &len);
	CHECK(c != NULL && w != NULL);
	int error = read_anew(f, c, w);
	CHECK(fclose(c) == 0 && fclose(w) == 0);
	if (error == 0) {
		f->reload.seq = seq;
		f->reload.said = changes;
		log_lines(f->log, LOG_WARN_, wrong);
	} else {
		if (error == ENODATA)
			find_unchanged(f, seq, seconds);
		else
			refuse(f, seq, error, wrong);
		give_up(f);
		free(changes);
	}
	free(wrong);
}

static void print_settings(
	void *arg, const char *path, const struct conf_object *had, const struct conf_object *has)
{
	print_difference(arg, path, had, has);
	if (had)
		fprintf(arg, "    - %s\n", had->json);
	if (has)
		fprintf(arg, "    + %s\n", has->json);
}

static void try(struct fwd *f, uint32_t seq)
{
	struct conf_files *files = conf_files_new();
	struct fwd_reload r = {0};
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	int error = EINVAL;

	CHECK(out != NULL);
	r.next = f->load(f->conf->file, files, out);
	if (r.next) {
		rewind(out);
		conf_diff(f->conf, r.next, print_settings, out);
		if (conf_adopt(r.next, f->conf, &r.change))
			print_fates(f->conf, &r, out);
		else
			fprintf(out, "only a restart can change %s\n", r.change.refused);
		error = ftell(out) ? 0 : ENODATA;
	}
	CHECK(fclose(out) == 0);
	answer(f, seq, error, error == ENODATA ? "" : text);
	conf_change_fini(&r.change);
	conf_free(r.next);
	conf_files_free(files);
	free(text);
}

/* What is read and compared is in force from here on. */
static void finish(struct fwd *f)
{
	struct fwd_reload *r = &f->reload;

	log_line(f->log, r->back ? LOG_WARN_ : LOG_INFO_,
		r->back ? "reload_rolled_back" : "reloaded",
		"file=\"%s\" same=%u policy=%u reset=%u gone=%u new=%u", r->next->file,
		r->change.counts[CONF_FATE_SAME], r->change.counts[CONF_FATE_POLICY],
		r->change.counts[CONF_FATE_RESET], r->change.counts[CONF_FATE_GONE],
		r->change.counts[CONF_FATE_NEW]);
	if (r->back)
		fwd_rollback_done(f, r->kept);
	else
		fwd_rollback_reloaded(f, r->seconds, r->kept);
	r->kept = NULL;
	answer(f, r->seq, 0, r->said ? r->said : "");
	fwd_enforce(f, r->next, &r->change);
	r->next = NULL;
	fwd_reload_forget(f);
}

/* A way back that bgpd does not go is gone without it: the next one begins there. */
static void refused_by_bgpd(struct fwd *f, int32_t error)
{
	bool back = f->reload.back;

	refuse(f, f->reload.seq, error,
		error == EBUSY ? "the last reload is still being told to neighbors; try again\n"
			       : "bgpd could not take it\n");
	give_up(f);
	if (back && error != EBUSY)
		fwd_daemon_child_lost(f, "it could not take the configuration before");
}

static void taken(struct fwd *f, int32_t error)
{
	struct fwd_reload *r = &f->reload;

	if (!r->next)
		return; /* of a bgpd that is gone */
	if (error) {
		refused_by_bgpd(f, error);
		return;
	}
	fwd_listeners_forget(f, f->conf, r->next);
	finish(f);
}

/* What was before is read, and differs or not: to bgpd, if there is one. */
static void send_back(struct fwd *f, const struct conf_files *files, bool by_bgpd)
{
	f->reload.back = true;
	if (!by_bgpd) {
		finish(f);
		return;
	}
	int err = hand_over(f, files);
	if (err) {
		refuse(f, 0, -err, "the configuration before could not be handed to bgpd\n");
		give_up(f);
	}
}

bool fwd_reload_back(struct fwd *f, struct conf_files *files, bool by_bgpd)
{
	char *changes = NULL, *wrong = NULL;
	size_t len;

	FILE *c = open_memstream(&changes, &len), *w = open_memstream(&wrong, &len);
	CHECK(c != NULL && w != NULL);
	int error = read_files(f, files, c, w);
	CHECK(fclose(c) == 0 && fclose(w) == 0);
	bool possible = error == 0 || error == ENODATA;
	if (possible) {
		send_back(f, files, by_bgpd);
	} else {
		refuse(f, 0, error, wrong);
		fwd_reload_forget(f);
	}
	free(changes);
	free(wrong);
	return possible;
}

bool fwd_reload_request(struct fwd *f, const struct fib_msg *m)
{
	switch (m->type) {
	case FIB_RELOAD:
		fwd_reload(f, m->seq, m->seconds);
		return true;
	case FIB_RELOAD_TRY:
		try(f, m->seq);
		return true;
	case FIB_CONF_TAKEN:
		taken(f, m->error);
		return true;
	case FIB_CONFIRM:
		answer(f, m->seq, fwd_rollback_confirm(f), "");
		return true;
	default:
		return false;
	}
}
