#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "bgpd/wire/msg.h"
#include "bgpd/wire/notify.h"
#include "lab/attacks/variant.h"
#include "lib/text.h"
#include "tests/support/roundtrip.h"
#include "tests/support/show.h"
#include "tests/support/vectors.h"

#define SHOWN_MAX 65536

/* What came out, as show_fault() and lines, and whether it survives another round. */
struct outcome {
	char fault[80];
	char shown[SHOWN_MAX];
	const char *broken;
	unsigned vectors;
};

static void outcome_update(const struct vector *v, struct outcome *o)
{
	struct arena arena;
	struct wire_update up;

	arena_init(&arena, 65536);
	wire_update_get(v->octets, v->len, &v->ctx, &arena, &up);
	show_fault(&up.fault, o->fault, sizeof(o->fault));
	show_update(&up, o->shown, sizeof(o->shown));
	o->broken = roundtrip_update(v->octets, v->len, &v->ctx);
	arena_fini(&arena);
}

static void outcome_open(const struct vector *v, struct outcome *o)
{
	struct wire_open open;
	struct wire_fault f = {0};

	if (wire_open_get(v->octets, v->len, &open, &f))
		show_open(&open, o->shown, sizeof(o->shown));
	show_fault(&f, o->fault, sizeof(o->fault));
	o->broken = roundtrip_open(v->octets, v->len);
}

static void outcome_message(const struct vector *v, struct outcome *o)
{
	struct wire_msg m = {0};
	struct wire_fault f = {0};
	int n = wire_msg_split(v->octets, v->len, v->ctx.msg_max, &m, &f);

	show_fault(&f, o->fault, sizeof(o->fault));
	if (n > 0)
		snprintf(o->shown, sizeof(o->shown), "type %u\nbody %u\n", m.type, m.body_len);
	else if (n == 0)
		o->broken = "more octets wanted";
}

static void outcome_notification(const struct vector *v, struct outcome *o)
{
	struct text t = text_of(o->shown, sizeof(o->shown));
	struct wire_fault f = {0};
	struct wire_notify n, hard;
	char name[96], text[WIRE_SHUTDOWN_TEXT_MAX + 1];

	if (!wire_notify_get(v->octets, v->len, &n))
		f.action = WIRE_RESET;
	show_fault(&f, o->fault, sizeof(o->fault));
	wire_notify_name(n.code, n.subcode, name, sizeof(name));
	text_add(&t, "name %s\n", name);
	if (wire_notify_text(&n, text))
		text_add(&t, "text %s\n", text);
	else
		text_add(&t, "no text\n");
	if (wire_notify_hard_get(&n, &hard)) {
		wire_notify_name(hard.code, hard.subcode, name, sizeof(name));
		text_add(&t, "hard %s\n", name);
		if (wire_notify_text(&hard, text))
			text_add(&t, "hard_text %s\n", text);
	}
	o->broken = roundtrip_notify(v->octets, v->len);
}

static void outcome_refresh(const struct vector *v, struct outcome *o)
{
	enum wire_refresh subtype;
	enum wire_family family;
	struct wire_fault f = {0};

	if (!wire_refresh_get(v->octets, v->len, &family, &subtype))
		f.action = WIRE_RESET;
	show_fault(&f, o->fault, sizeof(o->fault));
	if (family == WIRE_FAMILIES)
		snprintf(o->shown, sizeof(o->shown), "ignored\n");
	else
		snprintf(o->shown, sizeof(o->shown), "family %s\nsubtype %u\n",
			wire_family_get(family)->name, subtype);
	o->broken = roundtrip_refresh(v->octets, v->len);
}

static const struct {
	const char *type;
	void (*run)(const struct vector *v, struct outcome *o);
} outcome_kinds[] = {
	{"update", outcome_update},
	{"open", outcome_open},
	{"message", outcome_message},
	{"notification", outcome_notification},
	{"refresh", outcome_refresh},
};

static void vector_check(const struct vector *v, void *arg)
{
	struct outcome *o = arg;
	unsigned ran = 0;

	o->shown[0] = '\0';
	o->broken = NULL;
	o->vectors++;
	for (size_t i = 0; i < sizeof(outcome_kinds) / sizeof(outcome_kinds[0]); i++)
		if (strcmp(outcome_kinds[i].type, v->type) == 0) {
			outcome_kinds[i].run(v, o);
			ran++;
		}
	cr_expect_eq(ran, 1, "%s: type %s", v->name, v->type);
	cr_expect_str_eq(o->fault, v->expect, "%s: %s, expected %s", v->name, o->fault, v->expect);
	cr_expect_null(o->broken, "%s: %s", v->name, o->broken);
	for (unsigned i = 0; i < v->fields; i++)
		cr_expect(show_has_line(o->shown, v->field[i]), "%s: no line '%s' in\n%s", v->name,
			v->field[i], o->shown);
	for (unsigned i = 0; i < v->absents; i++)
		cr_expect(!show_has_line(o->shown, v->absent[i]), "%s: line '%s'", v->name,
			v->absent[i]);
}

static void vector_check_variants(const struct vector *v, void *arg)
{
	vector_check(v, arg);
	/* elsewhere there may be several faults, of which the first is told */
	if (v->session[0])
		vector_variants(v, vector_check, arg);
}

Test(vectors, every_vector_has_its_outcome_and_is_a_fixed_point)
{
	static struct outcome o;

	cr_assert_gt(vector_each_file(vector_check_variants, &o), 140);
}
