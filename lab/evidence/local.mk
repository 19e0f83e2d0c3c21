# What a run of attacks leaves on disk: report, captures, for CI systems, for people; signed.
noinst_LIBRARIES += lab/evidence/libevidence.a
lab_evidence_libevidence_a_SOURCES = \
	lab/evidence/evidence.h lab/evidence/report.c lab/evidence/report.h \
	lab/evidence/pcapng.c lab/evidence/pcapng.h lab/evidence/junit.c lab/evidence/junit.h \
	lab/evidence/sarif.c lab/evidence/sarif.h \
	lab/evidence/sign.c lab/evidence/sign.h lab/evidence/manifest.c lab/evidence/manifest.h \
	lab/evidence/tree.c lab/evidence/tree.h lab/evidence/place.c lab/evidence/place.h \
	lab/evidence/write.c lab/evidence/verify.c
lab_evidence_libevidence_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(CRYPTO_CFLAGS)

unit_tests += tests/unit/evidence_test
tests_unit_evidence_test_SOURCES = tests/unit/evidence/report.c tests/unit/evidence/manifest.c \
	tests/unit/evidence/verify.c tests/unit/evidence/place.c tests/support/attacks.c tests/support/attacks.h
tests_unit_evidence_test_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_evidence_test_LDADD = lab/evidence/libevidence.a lib/libbase.a $(JANSSON_LIBS) $(CRYPTO_LIBS) $(CRITERION_LIBS)
