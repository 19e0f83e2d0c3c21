#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/report.h"
#include "tests/unit/audit/fixture.h"

typedef void print_fn(const struct audit_run *r, FILE *out);

static char *printed(struct pe *p, print_fn *print)
{
	struct audit_run r;
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	audit_run_init(&r, &p->s, &p->in);
	print(&r, out);
	fclose(out);
	audit_run_fini(&r);
	return text;
}

Test(report, severe_first_and_in_80_columns)
{
	struct pe p;

	pe_init(&p);
	p.s.sysctl[AUDIT_TTL_PROPAGATE] = 1;
	pe_link(&p, CA)->sysctl[AUDIT_MPLS_INPUT] = 1;
	char *text = printed(&p, audit_report_text);
	const char *critical = strstr(text, "critical port-labels: ca\n");
	cr_assert(critical && strstr(text, "warning core-hidden: ") > critical);
	cr_assert(strstr(text, "    breaks  RFC 4381 2.4, RFC 4364 6\n"));
	cr_assert(strstr(text, "    mend    sysctl -w net.mpls.conf.ca.input=0\n"));
	cr_assert(strstr(text, "1 critical, 1 warnings, 0 notes\n"));
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		cr_assert(strlen(line) <= 80 || strncmp(line, "    mend", 8) == 0, "%s", line);
	free(text);
	pe_fini(&p);
}

Test(report, no_name_becomes_a_command)
{
	struct pe p;

	pe_init(&p);
	pe_add_link(&p, "x;reboot", 20);
	char *text = printed(&p, audit_report_text);
	cr_assert(strstr(text, "mend    # a name in this is no plain word, quote it: ip link set "
			       "dev x;reboot down\n"));
	free(text);
	pe_fini(&p);
}

Test(report, json_holds_the_same)
{
	struct pe p;

	pe_init(&p);
	pe_link(&p, CA)->sysctl[AUDIT_MPLS_INPUT] = 1;
	char *text = printed(&p, audit_report_json);
	json_t *o = json_loads(text, 0, NULL),
	       *f = json_array_get(json_object_get(o, "findings"), 0);
	cr_assert_str_eq(json_string_value(json_object_get(f, "check")), "port-labels");
	cr_assert_str_eq(json_string_value(json_object_get(f, "requirement")), "R4381-2.4a");
	json_t *ports = json_object_get(json_object_get(o, "subjects"), "ports");
	cr_assert_eq(json_integer_value(json_object_get(ports, "explained")), 5);
	cr_assert_eq(json_integer_value(json_object_get(ports, "flagged")), 1);
	json_decref(o);
	free(text);
	pe_fini(&p);
}

Test(report, names_of_the_kernel_reach_no_terminal_raw)
{
	struct pe p;

	pe_init(&p);
	pe_add_link(&p, "x\033[2J\xff", 20);
	char *text = printed(&p, audit_report_text);
	cr_assert_null(strchr(text, '\033'));
	free(text);
	text = printed(&p, audit_report_json);
	json_t *o = json_loads(text, 0, NULL);
	cr_assert_not_null(o);
	json_decref(o);
	free(text);
	pe_fini(&p);
}
