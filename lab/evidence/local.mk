# What a run of attacks leaves on disk: report, captures, for CI systems, for people; signed.
noinst_LIBRARIES += lab/evidence/libevidence.a
lab_evidence_libevidence_a_SOURCES = \
	lab/evidence/evidence.h lab/evidence/report.c lab/evidence/report.h
lab_evidence_libevidence_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(CRYPTO_CFLAGS)
