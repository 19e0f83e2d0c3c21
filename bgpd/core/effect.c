#include "bgpd/core/effect.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check.h"

void effects_init(struct effects *fx)
{
	*fx = (struct effects){0};
}

void effects_fini(struct effects *fx)
{
	effects_reset(fx);
	free(fx->list);
	*fx = (struct effects){0};
}

void effects_reset(struct effects *fx)
{
	for (size_t i = 0; i < fx->n; i++) {
		if (fx->list[i].block)
			out_block_unref(fx->list[i].block);
		free(fx->list[i].text);
	}
	fx->n = 0;
	fx->consumed = 0;
}

static struct effect *effect_add(struct effects *fx, enum effect_kind kind)
{
	if (fx->n == fx->cap) {
		fx->cap = fx->cap ? fx->cap * 2 : 32;
		fx->list = realloc(fx->list, fx->cap * sizeof(*fx->list));
		CHECK(fx->list);
	}
	struct effect *e = &fx->list[fx->n++];

	*e = (struct effect){.kind = kind};
	return e;
}

void effect_send(struct effects *fx, uint32_t conn, struct out_block *block)
{
	struct effect *e = effect_add(fx, EFF_SEND);

	e->conn = conn;
	e->block = out_block_ref(block);
}

void effect_close(struct effects *fx, uint32_t conn)
{
	effect_add(fx, EFF_CLOSE)->conn = conn;
}

void effect_fib(struct effects *fx, const struct fib_msg *m)
{
	effect_add(fx, EFF_FIB)->fib = *m;
}

void effect_note(struct effects *fx, int level, const char *event, const char *fmt, ...)
{
	char text[EFFECT_TEXT_MAX];
	struct effect *e = effect_add(fx, EFF_NOTE);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	e->level = level;
	e->event = event;
	e->text = strdup(text);
	CHECK(e->text);
}

void effect_done(struct effects *fx)
{
	effect_add(fx, EFF_DONE);
}

void effect_remote_dial(struct effects *fx, uint32_t remote)
{
	effect_add(fx, EFF_REMOTE_DIAL)->remote = remote;
}

void effect_remote_send(struct effects *fx, uint32_t remote, struct out_block *block)
{
	struct effect *e = effect_add(fx, EFF_REMOTE_SEND);

	e->remote = remote;
	e->block = out_block_ref(block);
}

void effect_remote_close(struct effects *fx, uint32_t remote)
{
	effect_add(fx, EFF_REMOTE_CLOSE)->remote = remote;
}
