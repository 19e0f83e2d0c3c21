#include "mplsfwd/rollback.h"

#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "conf/load.h" /* conf_free */
#include "lib/check.h"
#include "mplsfwd/fwd.h"

uint64_t fwd_rollback_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void look_after(struct fwd *f, uint64_t ms)
{
	event_add(f->rollback.timer,
		&(struct timeval){(time_t)(ms / 1000), (suseconds_t)(ms % 1000) * 1000});
}

static void forget_before(struct fwd *f)
{
	conf_kept_free(f->rollback.before);
	f->rollback.before = NULL;
	event_del(f->rollback.timer);
	fwd_rollback_tell(f);
}

/* There is no way: what is in force stays, and nobody may believe otherwise. */
static void fail(struct fwd *f, const char *text)
{
	log_line(f->log, LOG_ERROR_, "rollback_failed",
		"why=\"%s\" remedy=\"put the file as it was in place, and reload\"", text);
	fwd_confirm_end(&f->rollback.confirm);
	forget_before(f);
}

static void go_back(struct fwd *f, bool hand_over)
{
	struct conf_files *files = conf_kept_files(f->rollback.before);

	if (!files)
		fail(f, "what was kept cannot be read");
	else if (!fwd_reload_back(f, files, hand_over))
		fail(f, "what was before cannot be put in force, see the line before");
	conf_files_free(files);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct fwd *f = arg;
	const struct fwd_confirm_state state = {.bgpd = f->server.fd >= 0,
		.reloading = f->reload.next,
		.reloading_ms = f->reload.since_ms};
	uint64_t look_ms;
	enum fwd_confirm_step step =
		fwd_confirm_next(&f->rollback.confirm, &state, fwd_rollback_clock(), &look_ms);

	if (f->stopping)
		return;
	look_after(f, look_ms);
	switch (step) {
	case FWD_CONFIRM_WAIT:
		break;
	case FWD_CONFIRM_HAND_OVER:
	case FWD_CONFIRM_ENFORCE:
		go_back(f, step == FWD_CONFIRM_HAND_OVER);
		break;
	case FWD_CONFIRM_END_BGPD:
		fwd_daemon_child_lost(f, "it does not take the configuration before");
		break;
	}
}

void fwd_rollback_open(struct fwd *f, struct conf_kept *kept)
{
	f->rollback = (struct fwd_rollback){.kept = kept};
	f->rollback.timer = event_new(f->base, -1, 0, on_timer, f);
	CHECK(f->rollback.timer != NULL);
}

void fwd_rollback_close(struct fwd *f)
{
	event_free(f->rollback.timer);
	conf_kept_free(f->rollback.kept);
	conf_kept_free(f->rollback.before);
	f->rollback = (struct fwd_rollback){0};
}

bool fwd_rollback_is_possible(struct fwd *f, const struct conf *next, FILE *wrong)
{
	struct conf_kept *to = f->rollback.before ? f->rollback.before : f->rollback.kept;
	struct conf_files *files = to ? conf_kept_files(to) : NULL;
	struct conf_change change = {0};
	char *said = NULL;
	size_t len;
	FILE *diag = open_memstream(&said, &len);

	CHECK(diag != NULL);
	struct conf *before = files ? f->load(f->conf->file, files, diag) : NULL;
	bool possible = before && conf_adopt(before, next, &change);
	if (!before)
		fprintf(wrong, "%s: nothing was changed, since what is in force was not kept\n",
			f->conf->file);
	else if (!possible)
		fprintf(wrong,
			"%s: nothing was changed, since this could not be taken back: only a "
			"restart can change %s\n",
			f->conf->file, change.refused);
	CHECK(fclose(diag) == 0);
	free(said);
	conf_change_fini(&change);
	conf_free(before);
	conf_files_free(files);
	return possible;
}

void fwd_rollback_reloaded(struct fwd *f, uint32_t seconds, struct conf_kept *kept)
{
	struct fwd_rollback *r = &f->rollback;
	struct conf_kept *replaced = kept ? r->kept : NULL;
	enum fwd_confirm_outcome outcome =
		fwd_confirm_reloaded(&r->confirm, seconds, kept, fwd_rollback_clock());

	if (kept)
		r->kept = kept;
	switch (outcome) {
	case FWD_CONFIRM_NOTHING:
		break;
	case FWD_CONFIRM_BEGUN:
		r->before = replaced;
		replaced = NULL;
		/* fallthrough */
	case FWD_CONFIRM_PROLONGED:
		log_line(f->log, LOG_WARN_, "reload_unconfirmed",
			"seconds=%u remedy=\"ravelin confirm\"", seconds);
		look_after(f, (uint64_t)seconds * 1000);
		fwd_rollback_tell(f);
		break;
	case FWD_CONFIRM_DONE:
		log_line(f->log, LOG_INFO_, "reload_confirmed", "by=reload");
		forget_before(f);
		break;
	}
	conf_kept_free(replaced);
}

void fwd_rollback_done(struct fwd *f, struct conf_kept *kept)
{
	conf_kept_free(f->rollback.kept);
	f->rollback.kept = kept;
	fwd_confirm_end(&f->rollback.confirm);
	forget_before(f);
}

int fwd_rollback_confirm(struct fwd *f)
{
	if (f->reload.next)
		return EBUSY;
	if (!fwd_confirm_end(&f->rollback.confirm))
		return ENOENT;
	log_line(f->log, LOG_INFO_, "reload_confirmed", "by=confirm");
	forget_before(f);
	return 0;
}

void fwd_rollback_look(struct fwd *f)
{
	if (f->rollback.before && !f->stopping)
		look_after(f, 0);
}

void fwd_rollback_tell(struct fwd *f)
{
	struct fib_msg m = {.type = FIB_UNCONFIRMED,
		.seconds = fwd_confirm_left_s(&f->rollback.confirm, fwd_rollback_clock())};

	fwd_server_send(&f->server, &m);
}
