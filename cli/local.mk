# Tables for people, out of the API's JSON. Pure: tests hand them literals.
noinst_LIBRARIES += cli/libshow.a
cli_libshow_a_SOURCES = \
	cli/show.h cli/remote.c cli/remote.h \
	cli/show_bmp.c cli/show_rpki.c cli/show_adj.c \
	cli/show_config.c \
	cli/show_explain.c \
	cli/show_guard.c \
	cli/show_log.c \
	cli/show_mpls.c \
	cli/show_order.c \
	cli/show_path.c \
	cli/show_peer.c \
	cli/show_route.c \
	cli/show_summary.c \
	cli/table.c cli/table.h
cli_libshow_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)

unit_tests += tests/unit/cli_test
tests_unit_cli_test_SOURCES = tests/unit/cli/output.c tests/unit/cli/show.c tests/unit/cli/words.c tests/unit/cli/fetch.c tests/unit/cli/mrt.c tests/unit/cli/web.c cli/web_judge.c cli/mrt.c cli/mrt_file.c cli/mrt_updates.c cli/colour.c cli/command.c cli/complete_script.c cli/fail.c cli/fetch.c cli/help.c cli/http.c cli/shell_split.c cli/words.c
tests_unit_cli_test_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_cli_test_LDADD = cli/libshow.a lib/liblog.a lib/libbase.a $(JANSSON_LIBS) $(CRITERION_LIBS)
EXTRA_DIST += tests/unit/cli/golden

# ravelin: the operator's one-shot command.
bin_PROGRAMS += ravelin
dist_man_MANS += man/ravelin.1 man/ravelin-report.1
ravelin_SOURCES = cli/main.c cli/ask.c cli/ask.h cli/audit.c cli/audit.h cli/cli.h cli/colour.c cli/colour.h cli/command.c cli/command.h cli/complete.c cli/complete.h \
	cli/complete_script.c cli/fail.c cli/fetch.c cli/fetch.h \
	cli/help.c cli/help.h cli/http.c cli/http.h cli/log.c cli/log.h cli/monitor.c cli/monitor.h cli/mrt.c cli/mrt.h cli/mrt_file.c cli/mrt_file.h cli/mrt_updates.c cli/mrt_updates.h cli/output.c cli/output.h cli/policy.c cli/policy.h cli/program.c cli/program.h cli/report.c cli/report.h cli/shell.c cli/shell.h cli/shell_split.c \
	cli/route.c cli/route.h cli/trial.c cli/trial.h cli/web.c cli/web.h cli/web_judge.c cli/words.c cli/words.h
ravelin_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(LIBEDIT_CFLAGS)
ravelin_LDADD = cli/libshow.a lab/liblab.a lab/evidence/libevidence.a audit/libauditsys.a audit/libaudit.a mplsfwd/libfwdsys.a mplsfwd/libfwd.a \
	conf/libconf.a bgpd/policy/libpolicy.a vrf/libvrf.a bgpd/rib/librib.a acl/libacl.a bgpd/wire/libwire.a \
	lib/liblog.a lib/libbase.a $(JANSSON_LIBS) $(FYAML_LIBS) $(NL_LIBS) $(EVENT_LIBS) $(CAPNG_LIBS) $(XXHASH_LIBS) $(CRYPTO_LIBS) $(LIBEDIT_LIBS)

# What completes its words: printed by itself, put where the shells look.
bashcompletiondir = $(datadir)/bash-completion/completions
zshcompletiondir = $(datadir)/zsh/site-functions
fishcompletiondir = $(datadir)/fish/vendor_completions.d
nodist_bashcompletion_DATA = cli/completion/ravelin
nodist_zshcompletion_DATA = cli/completion/_ravelin
nodist_fishcompletion_DATA = cli/completion/ravelin.fish
CLEANFILES += $(nodist_bashcompletion_DATA) $(nodist_zshcompletion_DATA) $(nodist_fishcompletion_DATA)
cli/completion/ravelin: ravelin$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) cli/completion && ./ravelin completion bash >$@.new && mv $@.new $@
cli/completion/_ravelin: ravelin$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) cli/completion && ./ravelin completion zsh >$@.new && mv $@.new $@
cli/completion/ravelin.fish: ravelin$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) cli/completion && ./ravelin completion fish >$@.new && mv $@.new $@

check_scripts += tests/unit/cli/command.py tests/unit/cli/policy.py tests/unit/cli/shell.py
EXTRA_DIST += tests/unit/cli/command.py tests/unit/cli/shell.py
EXTRA_DIST += tests/unit/cli/policy.py tests/unit/cli/policy
