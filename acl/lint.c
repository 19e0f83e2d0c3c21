#include "acl/lint.h"

#include <stdlib.h>

#include "acl/box.h"
#include "lib/check.h"

/* An entry as packets: none, if it can match nothing. */
struct entry {
	struct acl_box boxes[ACL_ACE_RULES];
	unsigned n;
	bool accept, log;
	bool gone; /* reported: the list is looked at as if it were removed */
};

struct linting {
	struct entry *entries;
	unsigned n;
	struct acl_lint *found; /* by entry */
	struct acl_boxes left;
};

static void entry_of(const struct acl_ace *a, struct entry *e)
{
	struct acl_rule rules[ACL_ACE_RULES];
	unsigned n = acl_ace_compile(a, 0, rules);

	*e = (struct entry){.accept = a->forwarding == ACL_FORWARDING_ACCEPT, .log = a->log};
	for (unsigned i = 0; i < n; i++)
		e->n += acl_box_of(&rules[i], &e->boxes[e->n]);
}

static void left_is(struct linting *l, const struct entry *e)
{
	l->left.n = 0;
	l->left.lost = false;
	for (unsigned i = 0; i < e->n; i++)
		l->left.list[l->left.n++] = e->boxes[i];
}

/* Takes e's packets away; true if there were any. */
static bool left_del(struct linting *l, const struct entry *e)
{
	bool some = false;

	for (unsigned i = 0; i < e->n; i++)
		if (acl_boxes_overlap(&l->left, &e->boxes[i])) {
			acl_boxes_del(&l->left, &e->boxes[i]);
			some = true;
		}
	return some;
}

static bool is_nothing_left(const struct linting *l)
{
	return l->left.n == 0 && !l->left.lost;
}

static bool is_inside(struct linting *l, const struct entry *inner, const struct entry *outer)
{
	left_is(l, inner);
	left_del(l, outer);
	return is_nothing_left(l);
}

static void report(struct linting *l, unsigned ace, unsigned other, enum acl_lint_kind kind)
{
	l->found[ace] = (struct acl_lint){.kind = kind, .ace = ace, .other = other};
	l->entries[ace].gone = true;
}

/* An earlier entry of the same packets that says the opposite; ace itself if there is none. */
static unsigned opposite_of(struct linting *l, unsigned ace)
{
	for (unsigned i = 0; i < ace; i++)
		if (!l->entries[i].gone && l->entries[i].accept != l->entries[ace].accept &&
			is_inside(l, &l->entries[ace], &l->entries[i]) &&
			is_inside(l, &l->entries[i], &l->entries[ace]))
			return i;
	return ace;
}

/* Is it decided by earlier entries altogether? */
static void lint_earlier(struct linting *l, unsigned ace)
{
	const struct entry *e = &l->entries[ace];
	unsigned same = ace, otherwise = ace;

	left_is(l, e);
	for (unsigned i = 0; i < ace && l->left.n; i++) {
		if (!left_del(l, &l->entries[i]))
			continue;
		unsigned *first = l->entries[i].accept == e->accept ? &same : &otherwise;
		if (*first == ace)
			*first = i;
	}
	if (!is_nothing_left(l))
		return;
	if (otherwise == ace) {
		report(l, ace, same, ACL_LINT_REDUNDANT);
		return;
	}
	unsigned opposite = opposite_of(l, ace);
	if (opposite != ace)
		report(l, ace, opposite, ACL_LINT_CONTRADICTORY);
	else
		report(l, ace, otherwise, ACL_LINT_SHADOWED);
}

/*
 * The first of the later entries that would do the same with all that comes to it; ace itself if they would not. With all
 * entries, or with those only that would be left.
 */
static unsigned successor_of(struct linting *l, unsigned ace, bool all)
{
	const struct entry *e = &l->entries[ace];
	unsigned other = ace;

	left_is(l, e);
	for (unsigned i = 0; i < ace; i++)
		if (all || !l->entries[i].gone)
			left_del(l, &l->entries[i]);
	for (unsigned i = ace + 1; i < l->n && l->left.n; i++) {
		if ((!all && l->entries[i].gone) || !left_del(l, &l->entries[i]))
			continue;
		if (l->entries[i].accept != e->accept || l->entries[i].log != e->log)
			return ace;
		if (other == ace)
			other = i;
	}
	return is_nothing_left(l) ? other : ace;
}

/* It may go alone, and with the others that may. */
static void lint_later(struct linting *l, unsigned ace)
{
	unsigned other = successor_of(l, ace, false);

	if (other != ace && successor_of(l, ace, true) != ace)
		report(l, ace, other, ACL_LINT_REDUNDANT);
}

static bool is_open_end(struct linting *l)
{
	struct entry all = {.boxes = {acl_box_all()}, .n = 1};
	bool accepts = false;

	for (unsigned i = 0; i < l->n; i++) {
		accepts |= l->entries[i].accept && l->entries[i].n;
		if (is_inside(l, &all, &l->entries[i]))
			return false;
	}
	left_is(l, &all);
	for (unsigned i = 0; i < l->n; i++)
		left_del(l, &l->entries[i]);
	return accepts && !is_nothing_left(l);
}

void acl_lint(const struct acl_list *list, acl_lint_fn *fn, void *arg)
{
	struct linting *l = calloc(1, sizeof(*l));

	CHECK(l);
	l->n = list->n_aces;
	l->entries = calloc(l->n + 1, sizeof(*l->entries));
	l->found = calloc(l->n + 1, sizeof(*l->found));
	CHECK(l->entries && l->found);
	for (unsigned i = 0; i < l->n; i++)
		entry_of(&list->aces[i], &l->entries[i]);
	for (unsigned i = 0; i < l->n; i++) {
		if (l->entries[i].n == 0)
			report(l, i, i, ACL_LINT_IMPOSSIBLE);
		else
			lint_earlier(l, i);
	}
	for (unsigned i = 0; i < l->n; i++)
		if (!l->entries[i].gone)
			lint_later(l, i);
	for (unsigned i = 0; i < l->n; i++)
		if (l->entries[i].gone)
			fn(arg, &l->found[i]);
	if (is_open_end(l))
		fn(arg, &(struct acl_lint){.kind = ACL_LINT_OPEN_END, .ace = l->n, .other = l->n});
	free(l->found);
	free(l->entries);
	free(l);
}

const char *acl_lint_name(enum acl_lint_kind kind)
{
	static const char *const names[] = {
		[ACL_LINT_SHADOWED] = "shadowed",
		[ACL_LINT_REDUNDANT] = "redundant",
		[ACL_LINT_CONTRADICTORY] = "contradictory",
		[ACL_LINT_OPEN_END] = "open end",
		[ACL_LINT_IMPOSSIBLE] = "impossible",
	};

	return (unsigned)kind < ARRAY_LEN(names) ? names[kind] : "?";
}
