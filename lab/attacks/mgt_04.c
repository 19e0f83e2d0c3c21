/*
 * A run-dir that others may write to, or that is a link: what a privileged process makes there would be theirs. Its control is in it: in a
 * folder of its own the same router starts. In ce-s, where none runs.
 */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/router.h"
#include "lib/check.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define CONFIG                                                                                     \
	"d=/run/mgt_04; rm -rf $d; mkdir $d; printf 'router: {name: x, as: 65000, id: "            \
	"10.255.0.9, "                                                                             \
	"run-dir: /run/mgt_04/dir}\\nguard: {unknown-ports: open}\\n' >$d/x.yaml; "
#define REFUSED "timeout 20 ravelind -f $d/x.yaml 2>$d/log; grep -q event=start_refused $d/log"
#define STARTS                                                                                     \
	"timeout 20 ravelind -f $d/x.yaml 2>$d/log & p=$!; "                                       \
	"until [ -S $d/dir/ravelin.sock ] || ! kill -0 $p; do :; done; [ -S $d/dir/ravelin.sock "  \
	"]; r=$?; "                                                                                \
	"kill $p; wait $p; exit $r"

static const char *const mgt_04_traps[] = {
	CONFIG "mkdir -m 777 $d/dir; " REFUSED,
	CONFIG "mkdir $d/dir; chown daemon $d/dir; " REFUSED,
	CONFIG "mkdir $d/else; ln -s $d/else $d/dir; " REFUSED,
	CONFIG "mkdir $d/dir; ln -s /etc/passwd $d/dir/ravelin.pid; timeout 20 ravelind -f "
	       "$d/x.yaml 2>$d/log; "
	       "grep -q 'cannot open the pid file' $d/log",
};

static void mgt_04_launch(struct attack_stage *st, struct attack_impact *out)
{
	char text[512];
	int control;

	for (unsigned i = 0; i < ARRAY_LEN(mgt_04_traps); i++) {
		out->sent++;
		out->hit += attack_shell(st, "ce-s", mgt_04_traps[i], text, sizeof text) != 0;
	}
	control = attack_shell(st, "ce-s", CONFIG STARTS, text, sizeof text);
	out->partial = true;
	out->error = control ? -EPERM : 0;
	snprintf(out->observed, sizeof out->observed, "in a folder of its own it %s",
		control ? "does not start either" : "starts");
}

const struct attack *attack_mgt_04(void)
{
	static const struct attack row = {
		.id = "MGT-04",
		.title = "a run-dir that others own or may write to, links where files will be",
		.clause = "RFC 4364 13.3",
		.attacker = "ce-s",
		.target = "ce-s",
		.passes = "the router does not start there",
		.launch = mgt_04_launch,
		.slow = true,
		.only_pe = "ravelin",
	};

	return &row;
}
