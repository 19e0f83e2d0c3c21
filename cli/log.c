#include "cli/log.h"

#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "lib/chain.h"
#include "lib/check.h"
#include "lib/complaint.h"

#define LOG_FAULTS_MAX 100 /* that are named; more are counted */

struct log_ask {
	const char *head; /* NULL: none is known */
	bool json;
};

struct log_verdict {
	struct chain_check check;
	json_t *faults;		       /* [{file, line, fault}] */
	uint64_t n_faults, pinned_seq; /* 0: not seen */
	uint64_t torn, gaps, lost;     /* lines that say so */
};

static int log_help(FILE *to)
{
	fputs("usage: ravelin log verify [--head HASH] FILE ...\n\n"
	      "  verify  are the lines of a security log (log: security: of ravelin.yaml)\n"
	      "          those that were written, all of them, in their order? Several\n"
	      "          files: the oldest first. --head: the hash of a line that is known\n"
	      "          from elsewhere (event=security_log_head); then it must be there,\n"
	      "          and what stands up to it is what was written. Without it, one who\n"
	      "          could write the file could have made all of it, or cut its end off\n\n"
	      "exit status: 0 whole, 1 a file cannot be read, 2 not understood, 4 not whole\n",
		to);
	return to == stdout ? CLI_OK : CLI_USAGE;
}

static void fault_add(struct log_verdict *v, const char *file, uint64_t line, enum chain_fault f)
{
	if (f == CHAIN_FINE)
		return;
	if (v->n_faults++ < LOG_FAULTS_MAX)
		json_array_append_new(
			v->faults, json_pack("{s:s, s:I, s:s}", "file", file, "line",
					   (json_int_t)line, "fault", chain_fault_text(f)));
}

/* What a line says of others that are not there, or not whole. */
static void line_note(struct log_verdict *v, const char *line, size_t len)
{
	const char *event, *value;
	size_t n = chain_value(line, len, "event", &event);

	if (n == strlen("security_log_gap") && memcmp(event, "security_log_gap", n) == 0) {
		v->gaps++;
		if (chain_value(line, len, "lost", &value))
			v->lost += strtoull(value, NULL, 10);
	}
	v->torn += n > 0 && chain_value(line, len, "torn", &value) == CHAIN_DIGITS;
}

static void lines_read(struct log_verdict *v, const struct log_ask *ask, const char *file, FILE *in)
{
	uint64_t before = v->check.lines;
	char *line = NULL;
	size_t cap = 0, rest = 0;
	ssize_t n;

	chain_check_file(&v->check);
	while ((n = getline(&line, &cap, in)) > 0) {
		size_t len = (size_t)n;

		if (line[len - 1] != '\n') {
			rest = len;
			break;
		}
		enum chain_fault f = chain_check_line(&v->check, line, len - 1);
		uint64_t at = f == CHAIN_MALFORMED ? v->check.torn_from : v->check.lines;
		fault_add(v, file, at - before, f);
		line_note(v, line, len - 1);
		if (ask->head && strcmp(v->check.at.head, ask->head) == 0)
			v->pinned_seq = v->check.at.seq;
	}
	enum chain_fault f = chain_check_end(&v->check, rest);
	uint64_t at = f == CHAIN_MALFORMED ? v->check.torn_from : v->check.lines + 1;
	fault_add(v, file, at - before, f);
	free(line);
}

static int file_read(struct log_verdict *v, const struct log_ask *ask, const char *file)
{
	FILE *in = fopen(file, "re");

	if (in)
		lines_read(v, ask, file, in);
	if (!in || ferror(in)) {
		fprintf(complaint_to(), "ravelin: %s: %s\n", file, strerror(errno));
		if (in)
			fclose(in);
		return CLI_NO;
	}
	fclose(in);
	return CLI_OK;
}

static bool is_whole(const struct log_verdict *v, const struct log_ask *ask)
{
	return v->check.begun && v->n_faults == 0 && (!ask->head || v->pinned_seq);
}

static int print_json(const struct log_verdict *v, const struct log_ask *ask)
{
	const struct chain_check *k = &v->check;
	json_t *o = json_pack("{s:b, s:I, s:I, s:I, s:s, s:s, s:b, s:I, s:I, s:I, s:O, s:I}",
		"whole", is_whole(v, ask), "lines", (json_int_t)k->lines, "first_seq",
		(json_int_t)k->first_seq, "last_seq", (json_int_t)k->at.seq, "head", k->at.head,
		"continues", k->first_prev, "closed", k->closed, "torn", (json_int_t)v->torn,
		"gaps", (json_int_t)v->gaps, "lost", (json_int_t)v->lost, "faults", v->faults,
		"n_faults", (json_int_t)v->n_faults);

	if (ask->head)
		json_object_set_new(o, "pinned_seq",
			v->pinned_seq ? json_integer((json_int_t)v->pinned_seq) : json_null());
	return cli_print_json(o);
}

static void print_pinned(const struct log_verdict *v)
{
	if (v->pinned_seq)
		printf("the line of --head is there: seq %llu, %llu before the last\n",
			(unsigned long long)v->pinned_seq,
			(unsigned long long)(v->check.at.seq - v->pinned_seq));
	else
		puts("the line of --head is not there: cut off, or all of it was made anew");
}

static int print_text(const struct log_verdict *v, const struct log_ask *ask)
{
	const struct chain_check *k = &v->check;
	const json_t *f;
	size_t i;

	json_array_foreach(v->faults, i, f)
		printf("%s:%lld: %s\n", json_string_value(json_object_get(f, "file")),
			(long long)json_integer_value(json_object_get(f, "line")),
			json_string_value(json_object_get(f, "fault")));
	if (v->n_faults > LOG_FAULTS_MAX)
		printf("... and %llu more\n", (unsigned long long)(v->n_faults - LOG_FAULTS_MAX));
	if (!k->begun)
		puts("no line of a security log");
	else
		printf("seq %llu to %llu, head %s\n", (unsigned long long)k->first_seq,
			(unsigned long long)k->at.seq, k->at.head);
	if (k->begun && strspn(k->first_prev, "0") != CHAIN_DIGITS && k->first_prev[0])
		printf("goes on from an earlier file, whose head was %s\n", k->first_prev);
	if (v->torn || v->gaps)
		printf("it says itself: torn %llu times, %llu lines not written\n",
			(unsigned long long)v->torn, (unsigned long long)v->lost);
	if (k->begun && !k->closed)
		puts("the last line is not the end of a run: it goes on, was killed, or lines were "
		     "cut off");
	if (ask->head)
		print_pinned(v);
	return puts(is_whole(v, ask) ? "whole" : "NOT WHOLE") < 0 ? CLI_NO : CLI_OK;
}

static int log_judge(const struct log_ask *ask, int n, char **files)
{
	struct log_verdict v = {.faults = json_array()};
	int status = CLI_OK;

	chain_check_init(&v.check);
	for (int i = 0; i < n && status == CLI_OK; i++)
		status = file_read(&v, ask, files[i]);
	if (status == CLI_OK) {
		status = (ask->json ? print_json : print_text)(&v, ask);
		if (status == CLI_OK && !is_whole(&v, ask))
			status = CLI_FAILED;
	}
	json_decref(v.faults);
	return status;
}

static int log_verify(int argc, char **argv, bool json)
{
	static const struct option options[] = {
		{"head", required_argument, NULL, 'H'}, {"help", no_argument, NULL, 'h'}, {0}};
	struct log_ask ask = {.json = json};
	int c;

	optind = 0;
	while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (c == 'h')
			return log_help(stdout);
		if (c != 'H')
			return log_help(complaint_to());
		ask.head = optarg;
	}
	if (optind == argc)
		return log_help(complaint_to());
	if (ask.head && (strlen(ask.head) != CHAIN_DIGITS ||
				strspn(ask.head, "0123456789abcdef") != CHAIN_DIGITS)) {
		fprintf(complaint_to(), "ravelin: --head: a hash is %d digits, 0-9 and a-f\n",
			CHAIN_DIGITS);
		return CLI_USAGE;
	}
	return log_judge(&ask, argc - optind, argv + optind);
}

int cli_log(int argc, char **argv, bool json)
{
	if (argc > 1 && strcmp(argv[1], "verify") == 0)
		return log_verify(argc - 1, argv + 1, json);
	bool asked = argc > 1 && (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 ||
					 strcmp(argv[1], "-h") == 0);
	return log_help(asked ? stdout : complaint_to());
}
