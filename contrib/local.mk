# How it is run: systemd's unit, a configuration to begin from, containers, netlab.
EXTRA_DIST += contrib/systemd/ravelin.service.in
CLEANFILES += contrib/systemd/ravelin.service
if SYSTEMD
nodist_systemdsystemunit_DATA = contrib/systemd/ravelin.service
endif
contrib/systemd/ravelin.service: contrib/systemd/ravelin.service.in Makefile
	@$(MKDIR_P) contrib/systemd
	$(AM_V_GEN)sed -e 's,[@]bindir[@],$(bindir),g' -e 's,[@]sbindir[@],$(sbindir),g' -e 's,[@]sysconfdir[@],$(sysconfdir),g' $(srcdir)/contrib/systemd/ravelin.service.in >$@

# Inert: no program reads it.
ravelinconfdir = $(sysconfdir)/ravelin
dist_ravelinconf_DATA = contrib/ravelin.yaml.example

# Prometheus and Grafana: looked at by tests/interop/prometheus.py.
EXTRA_DIST += contrib/grafana/ravelin.json contrib/prometheus/alerts.yml contrib/prometheus/frr_names.yml contrib/prometheus/prometheus.yml

EXTRA_DIST += Containerfile .containerignore contrib/container/start tests/container/run tests/container/image.sh tests/container/purge tests/container/systemd \
	contrib/netlab/topology-defaults.yml contrib/netlab/templates/ravelin/ravelin.j2
check_scripts += tests/container/netlab.py
EXTRA_DIST += tests/container/netlab.py

# Debian's source package is this tree.
EXTRA_DIST += debian/changelog debian/control debian/copyright debian/ravelin-lab.docs debian/ravelin-lab.install debian/ravelin.docs debian/ravelin.examples \
	debian/ravelin.install debian/ravelin.logrotate debian/ravelin.postinst debian/ravelin.postrm debian/rules debian/source/format
