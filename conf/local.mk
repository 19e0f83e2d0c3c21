# YAML to a checked model. libfyaml is known to load.c, node.c and nodemap.c only.
noinst_LIBRARIES += conf/libconf.a
conf_libconf_a_SOURCES = \
	conf/check.c \
	conf/diag.c conf/diag.h \
	conf/keys.h \
	conf/load.c conf/load.h \
	conf/loader.h \
	conf/model.h \
	conf/node.c conf/node.h \
	conf/nodemap.c \
	conf/parse_peer.c \
	conf/parse_port.c \
	conf/parse_router.c \
	conf/parse_vrf.c \
	conf/secret.c
conf_libconf_a_CFLAGS = $(AM_CFLAGS) $(FYAML_CFLAGS)
