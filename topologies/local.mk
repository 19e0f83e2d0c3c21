# The networks that come with the lab; `ravelin lab run NAME` finds them where they are installed.
topologiesdir = $(pkgdatadir)/topologies
dist_topologies_DATA = topologies/README.md topologies/scenario.schema.json topologies/attack-report.schema.json
l3vpnbasicdir = $(topologiesdir)/l3vpn-basic
dist_l3vpnbasic_DATA = \
	topologies/l3vpn-basic/README.md \
	topologies/l3vpn-basic/l3vpn-basic.clab.yml \
	topologies/l3vpn-basic/l3vpn-basic.scenario.yml topologies/l3vpn-basic/transport.scenario.yml \
	topologies/l3vpn-basic/pe1.yaml topologies/l3vpn-basic/pe1-unprotected.yaml \
	topologies/l3vpn-basic/pe1-keeps-route-targets.yaml \
	topologies/l3vpn-basic/pe1-any-source.yaml topologies/l3vpn-basic/pe1-open-services.yaml
l3vpnbasicpe1dir = $(l3vpnbasicdir)/pe1
dist_l3vpnbasicpe1_DATA = topologies/l3vpn-basic/pe1/frr.conf
l3vpnbasicp1dir = $(l3vpnbasicdir)/p1
dist_l3vpnbasicp1_DATA = topologies/l3vpn-basic/p1/frr.conf
l3vpnbasicpe2dir = $(l3vpnbasicdir)/pe2
dist_l3vpnbasicpe2_DATA = topologies/l3vpn-basic/pe2/frr.conf
l3vpnbasiccea1dir = $(l3vpnbasicdir)/ce-a1
dist_l3vpnbasiccea1_DATA = topologies/l3vpn-basic/ce-a1/frr.conf
l3vpnbasiccea2dir = $(l3vpnbasicdir)/ce-a2
dist_l3vpnbasiccea2_DATA = topologies/l3vpn-basic/ce-a2/frr.conf
rfc4381dir = $(topologiesdir)/rfc4381
dist_rfc4381_DATA = \
	topologies/rfc4381/README.md topologies/rfc4381/pe1.yaml \
	topologies/rfc4381/rfc4381.clab.yml topologies/rfc4381/rfc4381.scenario.yml
rfc4381cea1dir = $(rfc4381dir)/ce-a1
dist_rfc4381cea1_DATA = topologies/rfc4381/ce-a1/frr.conf
rfc4381pe2dir = $(rfc4381dir)/pe2
dist_rfc4381pe2_DATA = topologies/rfc4381/pe2/frr.conf
rfc4381frrdir = $(rfc4381dir)/frr
dist_rfc4381frr_DATA = topologies/rfc4381/frr/rfc4381-frr.clab.yml topologies/rfc4381/frr/rfc4381-frr.scenario.yml
rfc4381frrpe1dir = $(rfc4381frrdir)/pe1
dist_rfc4381frrpe1_DATA = topologies/rfc4381/frr/pe1/frr.conf

# The malformed-input group reads the vectors of the unit tests.
malformeddir = $(topologiesdir)/malformed
dist_malformed_DATA = \
	topologies/malformed/README.md topologies/malformed/malformed.clab.yml topologies/malformed/ravelin.yaml topologies/malformed/frr.conf \
	topologies/malformed/bird.conf topologies/malformed/gobgp.toml topologies/malformed/openbgpd.conf \
	tests/vectors/catalogue.vec
