/* Asks a lab that is up whether the expectations of its scenario hold, and shows what was seen in place of them. */
#include "lab/validate.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "lab/channel.h"
#include "lab/client.h"
#include "lab/find.h"
#include "lab/lab.h"
#include "lab/report.h"
#include "lab/scenario.h"
#include "lab/topo.h"
#include "lib/check.h"
#include "lib/complaint.h"

struct validate {
	struct lab_channel channel; /* frames inside what the child wrote */
	struct lab_report report;
};

/* What a topology and a scenario are, read: the topology's name, and the scenario's absolute path ("" if there is none). */
struct files {
	struct lab_topo topo;
	char scenario[PATH_MAX];
};

static bool files_scenario(struct files *f, const char *topology, const char *scenario)
{
	char path[2 * PATH_MAX], *real;
	struct lab_scenario s;
	bool ok;

	if (scenario)
		snprintf(path, sizeof path, "%s", scenario);
	else if (!lab_find_scenario(topology, path, sizeof path))
		return true;
	ok = lab_scenario_load(&s, &f->topo, path, complaint_to());
	lab_scenario_fini(&s);
	real = ok ? realpath(path, NULL) : NULL;
	if (real)
		snprintf(f->scenario, sizeof f->scenario, "%s", real);
	free(real);
	return ok;
}

static bool files_read(struct files *f, const char *topology, const char *scenario)
{
	char path[2 * PATH_MAX];

	*f = (struct files){0};
	return lab_find_topology(topology, path, sizeof path) &&
	       lab_topo_load(&f->topo, path, complaint_to()) && files_scenario(f, path, scenario);
}

int lab_check(const char *topology, const char *scenario, bool json)
{
	struct files f;
	bool ok = files_read(&f, topology, scenario);

	if (ok && json)
		lab_report_print(json_pack("{s:s, s:s, s:i, s:i, s:s?}", "name", f.topo.name,
			"file", f.topo.file, "nodes", (int)f.topo.n_nodes, "links",
			(int)f.topo.n_links, "scenario", *f.scenario ? f.scenario : NULL));
	else if (ok)
		printf("%s: %u nodes, %u links; %s%s\n", f.topo.name, f.topo.n_nodes,
			f.topo.n_links, *f.scenario ? "scenario " : "no scenario", f.scenario);
	lab_topo_fini(&f.topo);
	return ok ? LAB_HELD : LAB_UNCLEAR;
}

static bool validate_take(void *arg, const uint8_t *data, size_t len)
{
	struct validate *v = arg;
	struct lab_frame f;

	lab_channel_feed(&v->channel, data, len);
	while (lab_channel_next(&v->channel, &f)) {
		json_t *e = lab_frame_json(&f);

		lab_report_event(&v->report, e);
		json_decref(e);
	}
	return !v->channel.broken;
}

static unsigned validate_held(const struct lab_report *p)
{
	const json_t *step;
	unsigned n = 0;
	size_t i;

	json_array_foreach(p->steps, i, step) n +=
		!strcmp(json_string_value(json_object_get(step, "verdict")), "pass");
	return n;
}

static int validate_end(struct validate *v, const char *name, int status, bool json)
{
	const struct lab_report *p = &v->report;

	if (!p->ended || (status && status != LAB_NOT_MET))
		return status == LAB_UNCLEAR || status == LAB_NOT_UP ? status : LAB_BROKEN;
	lab_report_say(&v->report, "%u of %zu expectations hold", validate_held(p),
		json_array_size(p->steps));
	if (json)
		lab_report_print(json_pack(
			"{s:s*, s:b, s:O}", "name", name, "ok", p->ok, "steps", p->steps));
	return p->ok ? LAB_HELD : LAB_NOT_MET;
}

int lab_validate(const struct lab_validate *o)
{
	struct validate v = {0};
	const struct lab_sink sink = {.take = validate_take, .arg = &v};
	struct files f = {0};
	int status = LAB_UNCLEAR;
	json_t *ask;

	if (o->topology && !files_read(&f, o->topology, o->scenario)) {
		lab_topo_fini(&f.topo);
		return LAB_UNCLEAR;
	}
	if (!o->topology && o->scenario && !realpath(o->scenario, f.scenario)) {
		fprintf(complaint_to(), "lab: %s: %m\n", o->scenario);
		return LAB_UNCLEAR;
	}
	lab_channel_init(&v.channel, -1);
	lab_report_init(&v.report, o->json ? stderr : stdout);
	ask = json_pack("{s:{s:s*, s:i}}", "look", "scenario", *f.scenario ? f.scenario : NULL,
		"patience", (int)o->patience_s);
	CHECK(ask);
	status = lab_client_ask(o->lab ? o->lab : f.topo.name, ask, &sink);
	status = validate_end(&v, o->lab ? o->lab : f.topo.name, status, o->json);
	lab_report_fini(&v.report);
	lab_channel_fini(&v.channel);
	lab_topo_fini(&f.topo);
	return status;
}
