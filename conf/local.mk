# YAML to a checked model. libfyaml is known to defaults.c, load.c, node.c, nodemap.c and object.c only.
noinst_LIBRARIES += conf/libconf.a
conf_libconf_a_SOURCES = \
	conf/adopt.c conf/adopt.h \
	conf/fate.c conf/fate.h \
	conf/check.c \
	conf/check_acl.c \
	conf/check_guard.c \
	conf/check_peer.c \
	conf/check_policy.c \
	conf/check_port.c \
	conf/check_rule.c \
	conf/defaults.c conf/defaults.h \
	conf/diag.c conf/diag.h \
	conf/files.c conf/files.h \
	conf/handover.c conf/handover.h \
	conf/include.c \
	conf/kept.c conf/kept.h \
	conf/keys.h \
	conf/load.c conf/load.h \
	conf/loader.h \
	conf/model.h \
	conf/named.c \
	conf/node.c conf/node.h \
	conf/object.c conf/object.h \
	conf/nodemap.c \
	conf/parse_ace.c \
	conf/parse_acl.c \
	conf/parse_allow.c \
	conf/parse_api.c \
	conf/parse_guard.c \
	conf/parse_limit.c \
	conf/parse_log.c \
	conf/parse_peer.c \
	conf/parse_policy.c \
	conf/parse_edit.c \
	conf/parse_port.c \
	conf/parse_program.c \
	conf/parse_protocol.c \
	conf/parse_remote.c \
	conf/parse_router.c \
	conf/parse_session.c \
	conf/parse_set.c \
	conf/parse_term.c \
	conf/parse_vrf.c \
	conf/policy.h \
	conf/secret.c
# The schema is taken in as it is, by .incbin: from the top of the source.
conf_libconf_a_CFLAGS = $(AM_CFLAGS) $(FYAML_CFLAGS) -Wa,-I$(top_srcdir)
conf/libconf_a-defaults.$(OBJEXT): conf/ravelin.schema.json

conf_test_libs = conf/libconf.a bgpd/policy/libpolicy.a acl/libacl.a bgpd/wire/libwire.a lib/libbase.a $(FYAML_LIBS) $(XXHASH_LIBS)
unit_tests += tests/unit/conf_test
tests_unit_conf_test_SOURCES = tests/unit/conf/adopt.c tests/unit/conf/golden.c tests/unit/conf/kept.c tests/unit/conf/model.c
tests_unit_conf_test_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS)
tests_unit_conf_test_LDADD = $(conf_test_libs) $(CRITERION_LIBS)

check_PROGRAMS += tests/unit/conf_keys
tests_unit_conf_keys_SOURCES = tests/unit/conf/keys_print.c
tests_unit_conf_keys_LDADD = $(conf_test_libs)
check_PROGRAMS += tests/unit/conf_dump
tests_unit_conf_dump_SOURCES = tests/unit/conf/dump.c
tests_unit_conf_dump_LDADD = $(conf_test_libs)
check_scripts += tests/unit/conf/schema.py tests/unit/conf/defaults.py tests/unit/conf/examples.py
EXTRA_DIST += conf/ravelin.schema.json tests/unit/conf/defaults.py tests/unit/conf/schema.py tests/unit/conf/examples.py tests/unit/conf/golden
dist_man_MANS += man/ravelin.yaml.5
