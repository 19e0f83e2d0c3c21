/* What the service manager hears, on a real socket of its kind; bgpd is an answer that comes or does not. */
#include "mplsfwd/notify.h"

#include <criterion/criterion.h>
#include <event2/event.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SPAN_US 60000

static const struct log silent = {.proc = "test", .minimum = LOG_ERROR_ + 1, .fd = 2};

struct desk {
	struct event_base *base;
	struct fwd_notify notify;
	int manager;
	bool answers; /* bgpd does */
	unsigned asked;
	uint32_t last;
};

static void desk_ask(void *arg, uint32_t seq)
{
	struct desk *d = arg;

	d->asked++;
	d->last = seq;
}

/* name: where the manager listens, as the environment has it. */
static void desk_init(struct desk *d, const char *name, const char *span)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	socklen_t len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));

	*d = (struct desk){.base = event_base_new()};
	memcpy(un.sun_path, name, strlen(name));
	if (name[0] == '@')
		un.sun_path[0] = 0;
	unlink(name);
	d->manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	cr_assert_eq(bind(d->manager, (struct sockaddr *)&un, len), 0);
	setenv("NOTIFY_SOCKET", name, 1);
	if (span)
		setenv("WATCHDOG_USEC", span, 1);
	fwd_notify_open(&d->notify, d->base, &silent, desk_ask, d);
}

static void desk_fini(struct desk *d)
{
	fwd_notify_close(&d->notify);
	event_base_free(d->base);
	close(d->manager);
}

static uint64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

/* The loop for us microseconds; a bgpd that answers does so at once. */
static void desk_run(struct desk *d, uint64_t us)
{
	uint64_t end = now_us() + us;
	unsigned answered = 0;

	while (now_us() < end) {
		event_base_loop(d->base, EVLOOP_NONBLOCK);
		if (!d->answers || d->asked == answered)
			continue;
		answered = d->asked;
		fwd_notify_alive(&d->notify, d->last);
	}
}

/* How often the manager was told text; everything else is lost. */
static unsigned heard(struct desk *d, const char *text)
{
	char got[256];
	unsigned n = 0;

	for (ssize_t len; (len = recv(d->manager, got, sizeof(got) - 1, 0)) >= 0;) {
		got[len] = 0;
		n += strcmp(got, text) == 0;
	}
	return n;
}

static const char *path_of(char *out, size_t cap)
{
	snprintf(out, cap, "/tmp/notify-test.%d", (int)getpid());
	return out;
}

Test(notify, ready_is_said_once_and_only_when_bgpd_has_answered)
{
	char path[64];
	struct desk d;

	desk_init(&d, path_of(path, sizeof(path)), NULL);
	desk_run(&d, 20000);
	cr_expect_eq(heard(&d, "READY=1"), 0);
	fwd_notify_child(&d.notify);
	cr_expect_eq(d.asked, 1);
	desk_run(&d, 20000);
	cr_expect_eq(heard(&d, "READY=1"), 0, "nothing has been answered");
	fwd_notify_alive(&d.notify, d.last + 1);
	cr_expect_eq(heard(&d, "READY=1"), 0, "of another question");
	fwd_notify_alive(&d.notify, d.last);
	cr_expect_eq(heard(&d, "READY=1"), 1);
	fwd_notify_child(&d.notify);
	fwd_notify_alive(&d.notify, d.last);
	cr_expect_eq(heard(&d, "READY=1"), 0, "a bgpd that is started again is no second start");
	fwd_notify_stopping(&d.notify);
	cr_expect_eq(heard(&d, "STOPPING=1"), 1);
	desk_fini(&d);
	unlink(path);
}

Test(notify, the_watchdog_is_fed_by_answers_and_by_nothing_else)
{
	struct desk d;
	char name[64], span[16];

	snprintf(name, sizeof(name), "@notify-test.%d", (int)getpid());
	snprintf(span, sizeof(span), "%u", SPAN_US);
	desk_init(&d, name, span);
	d.answers = true;
	fwd_notify_child(&d.notify);
	desk_run(&d, 4 * SPAN_US);
	unsigned fed = heard(&d, "WATCHDOG=1");
	cr_expect_geq(fed, 4, "%u in four spans", fed);
	cr_expect_leq(fed, 13, "%u in four spans", fed);

	d.answers = false; /* it hangs */
	desk_run(&d, SPAN_US / 2);
	heard(&d, "");
	unsigned asked = d.asked;
	desk_run(&d, 3 * SPAN_US);
	cr_expect_eq(heard(&d, "WATCHDOG=1"), 0);
	cr_expect_eq(d.asked, asked, "one question is enough");
	fwd_notify_alive(&d.notify, d.last);
	cr_expect_eq(heard(&d, "WATCHDOG=1"), 1, "it goes on");
	fwd_notify_alive(&d.notify, d.last);
	cr_expect_eq(heard(&d, "WATCHDOG=1"), 0, "one answer a question");

	desk_run(&d, SPAN_US);
	fwd_notify_child(&d.notify); /* killed, and another one */
	d.answers = true;
	desk_run(&d, SPAN_US);
	cr_expect_geq(heard(&d, "WATCHDOG=1"), 1);
	desk_fini(&d);
}

Test(notify, what_cannot_be_used_tells_nobody_and_stays_out_of_bgpds_hands)
{
	static const char *const bad[] = {"", "/", "@", "run/notify", "unix:/run/notify", NULL};
	char long_one[200];
	struct fwd_notify n;
	struct desk d = {.base = event_base_new()};

	memset(long_one, 'a', sizeof(long_one) - 1);
	long_one[sizeof(long_one) - 1] = 0;
	long_one[0] = '/';
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		setenv("NOTIFY_SOCKET", bad[i] ? bad[i] : long_one, 1);
		fwd_notify_open(&n, d.base, &silent, desk_ask, &d);
		cr_expect_eq(n.fd, -1, "%s", bad[i] ? bad[i] : "a long one");
		cr_expect_null(getenv("NOTIFY_SOCKET"));
		fwd_notify_child(&n);
		fwd_notify_stopping(&n);
		fwd_notify_close(&n);
	}
	cr_expect_eq(d.asked, 0);
	event_base_free(d.base);
}

Test(notify, a_watchdog_of_another_process_or_of_no_number_is_none)
{
	static const struct {
		const char *span, *pid;
		uint64_t want;
	} rows[] = {
		{"30000000", NULL, 30000000},
		{"30000000", "1", 0},
		{"30000000", "x", 0},
		{"soon", NULL, 0},
		{"2", NULL, 0},
		{"-1", NULL, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char path[64];
		struct desk d;
		if (rows[i].pid)
			setenv("WATCHDOG_PID", rows[i].pid, 1);
		desk_init(&d, path_of(path, sizeof(path)), rows[i].span);
		cr_expect_eq(d.notify.watchdog_us, rows[i].want, "row %zu", i);
		cr_expect_geq(d.notify.fd, 0, "readiness is told all the same");
		cr_expect_null(getenv("WATCHDOG_USEC"));
		cr_expect_null(getenv("WATCHDOG_PID"));
		desk_fini(&d);
		unlink(path);
	}
}
