# libaudit.a is pure: snapshot, intent, checks, report. libauditsys.a reads the kernel.
noinst_LIBRARIES += audit/libaudit.a audit/libauditsys.a
audit_libaudit_a_SOURCES = \
	audit/api.c audit/api.h \
	audit/array.c audit/array.h \
	audit/check.c audit/check.h \
	audit/check_guard.c audit/check_label.c audit/check_port.c audit/check_route.c \
	audit/check_rule.c audit/check_session.c audit/check_setting.c audit/check_vrf.c \
	audit/explain.c \
	audit/frrconf.c audit/frrconf.h \
	audit/intent.c audit/intent.h \
	audit/name.c \
	audit/report.c audit/report.h \
	audit/snapshot.c audit/snapshot.h
audit_libaudit_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
audit_libauditsys_a_SOURCES = \
	audit/collect.c audit/collect.h \
	audit/collect_link.c audit/collect_proc.c audit/collect_route.c audit/collect_sock.c
audit_libauditsys_a_CFLAGS = $(AM_CFLAGS) $(NL_CFLAGS)

unit_tests += tests/unit/audit_test
tests_unit_audit_test_SOURCES = \
	tests/unit/audit/check.c \
	tests/unit/audit/fixture.c tests/unit/audit/fixture.h \
	tests/unit/audit/intent.c \
	tests/unit/audit/report.c
tests_unit_audit_test_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_audit_test_LDADD = audit/libaudit.a lib/libbase.a $(JANSSON_LIBS) $(CRITERION_LIBS)
EXTRA_DIST += tests/kernel/audit.sh tests/kernel/audit_frr.sh
