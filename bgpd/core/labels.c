#include "bgpd/core/labels.h"

#include <string.h>

#include "bgpd/core/told.h"
#include "lib/log.h"

#define RETRY_MS 5000

static bool wants_label(const struct router *r, const struct core_site *s)
{
	return r->started && !r->stopping && s->conf->n_export_rts > 0;
}

static void ask(struct core_run *run, struct core_site *s, enum fib_type type)
{
	const struct vrf *v = &run->r->vrfs.list[s - run->r->sites];

	s->label_seq = ++run->r->fib_seq;
	effect_fib(run->fx, &(struct fib_msg){.type = (uint8_t)type,
				    .seq = s->label_seq,
				    .vrf = v->id,
				    .label = v->label});
}

static void get_label(struct core_run *run, struct core_site *s)
{
	struct vrfs *vs = &run->r->vrfs;
	struct vrf *v = &vs->list[s - run->r->sites];

	if (run->now_ms < s->label_retry_ms)
		return;
	if (vrf_label_get(vs, v, run->now_ms)) {
		ask(run, s, FIB_LABEL_ADD);
		return;
	}
	s->label_retry_ms = run->now_ms + RETRY_MS;
	effect_note(run->fx, LOG_ERROR_, "label_pool_empty", "vrf=%s min=%u max=%u", v->conf.name,
		run->r->conf->label_min, run->r->conf->label_max);
}

void core_labels_step(struct core_run *run)
{
	struct router *r = run->r;

	for (unsigned i = 0; i < r->conf->n_vrfs; i++) {
		struct core_site *s = &r->sites[i];
		struct vrf *v = &r->vrfs.list[i];

		if (v->label_state == VRF_LABEL_NONE && wants_label(r, s))
			get_label(run, s);
		else if (v->label_state == VRF_LABEL_INSTALLED && !wants_label(r, s))
			vrf_label_drop(&r->vrfs, v);
		else if (v->label_state == VRF_LABEL_LEAVING && !s->label_seq &&
			 vrf_label_is_idle(v) && !out_set_holds(&r->out)) {
			core_told_release(run, i);
			ask(run, s, FIB_LABEL_DEL);
		}
	}
}

static void on_added(struct core_run *run, struct core_site *s, struct vrf *v, int32_t error)
{
	if (!error) {
		effect_note(run->fx, LOG_INFO_, "label_installed", "vrf=%s label=%u", v->conf.name,
			v->label);
		vrf_label_installed(&run->r->vrfs, v);
		if (!wants_label(run->r, s))
			vrf_label_drop(&run->r->vrfs, v);
		return;
	}
	effect_note(run->fx, LOG_ERROR_, "label_refused", "vrf=%s label=%u why=\"%s\"",
		v->conf.name, v->label, strerrordesc_np(error));
	vrf_label_refused(&run->r->vrfs, v, run->now_ms);
	s->label_retry_ms = run->now_ms + RETRY_MS;
}

static void on_deleted(struct core_run *run, struct vrf *v, int32_t error)
{
	effect_note(run->fx, error ? LOG_ERROR_ : LOG_INFO_, "label_removed",
		"vrf=%s label=%u quarantine_s=%u error=%d", v->conf.name, v->label,
		run->r->conf->label_quarantine_s, error);
	vrf_label_deleted(&run->r->vrfs, v, run->now_ms);
}

bool core_labels_ack(struct core_run *run, const struct fib_msg *m)
{
	struct router *r = run->r;

	for (unsigned i = 0; i < r->conf->n_vrfs; i++) {
		struct core_site *s = &r->sites[i];
		struct vrf *v = &r->vrfs.list[i];

		if (!m->seq || s->label_seq != m->seq)
			continue;
		s->label_seq = 0;
		if (v->label_state == VRF_LABEL_PENDING)
			on_added(run, s, v, m->error);
		else if (v->label_state == VRF_LABEL_LEAVING)
			on_deleted(run, v, m->error);
		return true;
	}
	return false;
}

void core_labels_stop(struct core_run *run)
{
	struct router *r = run->r;

	for (unsigned i = 0; i < r->conf->n_vrfs; i++) {
		struct vrf *v = &r->vrfs.list[i];

		if (v->label_state == VRF_LABEL_INSTALLED)
			vrf_label_drop(&r->vrfs, v);
	}
}

bool core_labels_are_gone(const struct router *r)
{
	for (unsigned i = 0; i < r->conf->n_vrfs; i++)
		if (r->vrfs.list[i].label_state != VRF_LABEL_NONE && !r->sites[i].label_seq)
			return false;
	return true;
}

uint64_t core_labels_deadline(const struct router *r)
{
	uint64_t at = TIMERQ_NEVER;

	for (unsigned i = 0; i < r->conf->n_vrfs; i++)
		if (r->vrfs.list[i].label_state == VRF_LABEL_NONE && wants_label(r, &r->sites[i]) &&
			r->sites[i].label_retry_ms < at)
			at = r->sites[i].label_retry_ms;
	return at;
}
