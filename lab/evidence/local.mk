# What a run of attacks leaves on disk: report, captures, for CI systems, for people; signed.
noinst_LIBRARIES += lab/evidence/libevidence.a
lab_evidence_libevidence_a_SOURCES = \
	lab/evidence/evidence.h lab/evidence/group.c lab/evidence/group.h lab/evidence/report.c lab/evidence/report.h \
	lab/evidence/pcapng.c lab/evidence/pcapng.h lab/evidence/junit.c lab/evidence/junit.h \
	lab/evidence/sarif.c lab/evidence/sarif.h \
	lab/evidence/sign.c lab/evidence/sign.h lab/evidence/manifest.c lab/evidence/manifest.h \
	lab/evidence/tree.c lab/evidence/tree.h lab/evidence/place.c lab/evidence/place.h \
	lab/evidence/write.c lab/evidence/verify.c \
	lab/evidence/html.c lab/evidence/html.h lab/evidence/html_assets.c lab/evidence/html_assets.h \
	lab/evidence/html_attacks.c lab/evidence/html_clause.c lab/evidence/html_clause.h lab/evidence/html_close.c \
	lab/evidence/html_head.c lab/evidence/html_malformed.c lab/evidence/html_part.h \
	lab/evidence/html_verdict.c lab/evidence/html_verdict.h lab/evidence/html_write.c lab/evidence/html_write.h \
	lab/evidence/svg.c lab/evidence/svg.h lab/evidence/svg_coverage.c lab/evidence/svg_matrix.c \
	lab/evidence/svg_timeline.c lab/evidence/svg_topology.c lab/evidence/svg_walk.c \
	lab/evidence/svg_way.c lab/evidence/svg_way.h
# The page's style and script are taken in as they are, by .incbin: from the top of the source.
lab_evidence_libevidence_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(CRYPTO_CFLAGS) -Wa,-I$(top_srcdir)
lab/evidence/libevidence_a-html_assets.$(OBJEXT): lab/evidence/page.css lab/evidence/page.js
EXTRA_DIST += lab/evidence/page.css lab/evidence/page.js

check_PROGRAMS += tests/lab/report_html
tests_lab_report_html_SOURCES = tests/lab/report_html.c
tests_lab_report_html_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_lab_report_html_LDADD = lab/evidence/libevidence.a lib/libbase.a $(JANSSON_LIBS) $(CRYPTO_LIBS)
if !SANITIZERS # a browser's work
check_scripts += tests/lab/report_page
endif
EXTRA_DIST += tests/lab/report_page tests/support/browser.py

unit_tests += tests/unit/evidence_test
tests_unit_evidence_test_SOURCES = tests/unit/evidence/report.c tests/unit/evidence/manifest.c \
	tests/unit/evidence/verify.c tests/unit/evidence/place.c tests/unit/evidence/html.c \
	tests/support/attacks.c tests/support/attacks.h
tests_unit_evidence_test_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_evidence_test_LDADD = lab/evidence/libevidence.a lib/libbase.a $(JANSSON_LIBS) $(CRYPTO_LIBS) $(CRITERION_LIBS)
EXTRA_DIST += tests/unit/evidence/sample.json

# A report is made and read by tshark, openssl, sha256sum and the published schema.
check_PROGRAMS += tests/lab/evidence_emit
check_scripts += tests/lab/evidence.py
EXTRA_DIST += tests/lab/evidence.py
tests_lab_evidence_emit_SOURCES = tests/lab/evidence_emit.c tests/support/attacks.c tests/support/attacks.h
tests_lab_evidence_emit_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_lab_evidence_emit_LDADD = lab/evidence/libevidence.a lib/libbase.a $(JANSSON_LIBS) $(CRYPTO_LIBS)
