# Fuzz targets. With --enable-fuzzers (CC=clang) they are libFuzzer programs; otherwise the same sources replay
# their corpus in `make check`. A target T is tests/fuzz/fuzz_T.c with seeds in tests/fuzz/corpus/T.
#
#   wire_fuzz   those of the codec: one target each for a stream, the bodies of OPEN and UPDATE, and lists of NLRI
#   conf_fuzz   a configuration file
wire_fuzz = tests/fuzz/fuzz_msg tests/fuzz/fuzz_open tests/fuzz/fuzz_update tests/fuzz/fuzz_nlri_vpn
conf_fuzz = tests/fuzz/fuzz_conf
EXTRA_DIST += tests/fuzz/corpus

if FUZZERS
noinst_PROGRAMS += $(wire_fuzz) $(conf_fuzz)
fuzz_ldflags = $(AM_LDFLAGS) -fsanitize=fuzzer
fuzz_main =
else
check_PROGRAMS += $(wire_fuzz) $(conf_fuzz)
check_scripts += $(wire_fuzz) $(conf_fuzz)
fuzz_ldflags = $(AM_LDFLAGS)
fuzz_main = tests/fuzz/main.c
endif

wire_fuzz_support = tests/fuzz/fuzz.h tests/support/roundtrip.c tests/support/roundtrip.h
wire_fuzz_ldadd = bgpd/wire/libwire.a lib/libbase.a

tests_fuzz_fuzz_msg_SOURCES = tests/fuzz/fuzz_msg.c $(wire_fuzz_support) $(fuzz_main)
tests_fuzz_fuzz_msg_LDADD = $(wire_fuzz_ldadd)
tests_fuzz_fuzz_msg_LDFLAGS = $(fuzz_ldflags)

tests_fuzz_fuzz_open_SOURCES = tests/fuzz/fuzz_open.c $(wire_fuzz_support) $(fuzz_main)
tests_fuzz_fuzz_open_LDADD = $(wire_fuzz_ldadd)
tests_fuzz_fuzz_open_LDFLAGS = $(fuzz_ldflags)

tests_fuzz_fuzz_update_SOURCES = tests/fuzz/fuzz_update.c $(wire_fuzz_support) tests/support/show.c \
	tests/support/show.h $(fuzz_main)
tests_fuzz_fuzz_update_LDADD = $(wire_fuzz_ldadd)
tests_fuzz_fuzz_update_LDFLAGS = $(fuzz_ldflags)

tests_fuzz_fuzz_nlri_vpn_SOURCES = tests/fuzz/fuzz_nlri_vpn.c $(wire_fuzz_support) $(fuzz_main)
tests_fuzz_fuzz_nlri_vpn_LDADD = $(wire_fuzz_ldadd)
tests_fuzz_fuzz_nlri_vpn_LDFLAGS = $(fuzz_ldflags)

tests_fuzz_fuzz_conf_SOURCES = tests/fuzz/fuzz_conf.c tests/fuzz/fuzz.h $(fuzz_main)
tests_fuzz_fuzz_conf_LDADD = $(conf_test_libs)
tests_fuzz_fuzz_conf_LDFLAGS = $(fuzz_ldflags)

# fwd_fuzz: what the privileged process reads (bgpd's datagrams, netlink), and the packet pipeline
fwd_fuzz = tests/fuzz/fuzz_fibmsg tests/fuzz/fuzz_nlroute tests/fuzz/fuzz_packet
fwd_fuzz_ldadd = mplsfwd/libfwd.a lib/libbase.a
if FUZZERS
noinst_PROGRAMS += $(fwd_fuzz)
else
check_PROGRAMS += $(fwd_fuzz)
check_scripts += $(fwd_fuzz)
endif

# rpki_fuzz: what a cache says
rpki_fuzz = tests/fuzz/fuzz_rpki
tests_fuzz_fuzz_rpki_SOURCES = tests/fuzz/fuzz_rpki.c tests/fuzz/fuzz.h $(fuzz_main)
tests_fuzz_fuzz_rpki_LDADD = bgpd/rpki/librpki.a bgpd/wire/libwire.a lib/libbase.a $(XXHASH_LIBS)
tests_fuzz_fuzz_rpki_LDFLAGS = $(fuzz_ldflags)
if FUZZERS
noinst_PROGRAMS += $(rpki_fuzz)
else
check_PROGRAMS += $(rpki_fuzz)
check_scripts += $(rpki_fuzz)
endif

# acl_fuzz: what customers send, as it is judged and as it is shown
acl_fuzz = tests/fuzz/fuzz_acl tests/fuzz/fuzz_describe
if FUZZERS
noinst_PROGRAMS += $(acl_fuzz)
else
check_PROGRAMS += $(acl_fuzz)
check_scripts += $(acl_fuzz)
endif
tests_fuzz_fuzz_acl_SOURCES = tests/fuzz/fuzz_acl.c tests/fuzz/fuzz.h tests/support/acl_frames.c \
	tests/support/acl_frames.h $(fuzz_main)
tests_fuzz_fuzz_acl_LDADD = acl/libacl.a lib/libbase.a
tests_fuzz_fuzz_acl_LDFLAGS = $(fuzz_ldflags)

tests_fuzz_fuzz_describe_SOURCES = tests/fuzz/fuzz_describe.c tests/fuzz/fuzz.h $(fuzz_main)
tests_fuzz_fuzz_describe_LDADD = acl/libacl.a lib/libbase.a
tests_fuzz_fuzz_describe_LDFLAGS = $(fuzz_ldflags)

tests_fuzz_fuzz_fibmsg_SOURCES = tests/fuzz/fuzz_fibmsg.c tests/fuzz/fuzz.h $(fuzz_main)
tests_fuzz_fuzz_fibmsg_LDADD = $(fwd_fuzz_ldadd)
tests_fuzz_fuzz_fibmsg_LDFLAGS = $(fuzz_ldflags)

tests_fuzz_fuzz_nlroute_SOURCES = tests/fuzz/fuzz_nlroute.c tests/fuzz/fuzz.h $(fuzz_main)
tests_fuzz_fuzz_nlroute_LDADD = $(fwd_fuzz_ldadd)
tests_fuzz_fuzz_nlroute_LDFLAGS = $(fuzz_ldflags)

tests_fuzz_fuzz_packet_SOURCES = tests/fuzz/fuzz_packet.c tests/fuzz/fuzz.h $(fuzz_main)
tests_fuzz_fuzz_packet_LDADD = $(fwd_fuzz_ldadd)
tests_fuzz_fuzz_packet_LDFLAGS = $(fuzz_ldflags)
