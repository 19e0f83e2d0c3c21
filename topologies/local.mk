# The networks that come with the lab; `ravelin lab run NAME` finds them where they are installed.
topologiesdir = $(pkgdatadir)/topologies
dist_topologies_DATA = topologies/README.md topologies/topology.schema.json topologies/scenario.schema.json topologies/attack-report.schema.json
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

# The lessons: each the network as it should be, and in start/ what is to be mended.
twopeersdir = $(topologiesdir)/two-peers
dist_twopeers_DATA = \
	topologies/two-peers/README.md topologies/two-peers/r1.yaml topologies/two-peers/r2.yaml \
	topologies/two-peers/two-peers.clab.yml topologies/two-peers/two-peers.scenario.yml
twopeersstartdir = $(twopeersdir)/start
dist_twopeersstart_DATA = topologies/two-peers/start/r2.yaml topologies/two-peers/start/two-peers.clab.yml
hubandspokedir = $(topologiesdir)/hub-and-spoke
dist_hubandspoke_DATA = \
	topologies/hub-and-spoke/README.md topologies/hub-and-spoke/hub-and-spoke.clab.yml \
	topologies/hub-and-spoke/hub-and-spoke.scenario.yml topologies/hub-and-spoke/hub.yaml topologies/hub-and-spoke/pe2.yaml \
	topologies/hub-and-spoke/pe3.yaml
hubandspokestartdir = $(hubandspokedir)/start
dist_hubandspokestart_DATA = topologies/hub-and-spoke/start/hub-and-spoke.clab.yml topologies/hub-and-spoke/start/pe3.yaml
extranetdir = $(topologiesdir)/extranet
dist_extranet_DATA = \
	topologies/extranet/README.md topologies/extranet/extranet.clab.yml topologies/extranet/extranet.scenario.yml \
	topologies/extranet/pe1.yaml topologies/extranet/pe2.yaml topologies/extranet/pe3.yaml
extranetstartdir = $(extranetdir)/start
dist_extranetstart_DATA = topologies/extranet/start/extranet.clab.yml topologies/extranet/start/pe2.yaml
routereflectordir = $(topologiesdir)/route-reflector
dist_routereflector_DATA = \
	topologies/route-reflector/README.md topologies/route-reflector/pe1.yaml topologies/route-reflector/pe2.yaml \
	topologies/route-reflector/pe3.yaml topologies/route-reflector/route-reflector.clab.yml \
	topologies/route-reflector/route-reflector.scenario.yml topologies/route-reflector/rr.yaml
routereflectorstartdir = $(routereflectordir)/start
dist_routereflectorstart_DATA = topologies/route-reflector/start/pe1.yaml topologies/route-reflector/start/route-reflector.clab.yml
routeserverdir = $(topologiesdir)/route-server
dist_routeserver_DATA = \
	topologies/route-server/README.md topologies/route-server/route-server.clab.yml \
	topologies/route-server/route-server.scenario.yml topologies/route-server/rs1.yaml
routeserverstartdir = $(routeserverdir)/start
dist_routeserverstart_DATA = topologies/route-server/start/route-server.clab.yml topologies/route-server/start/rs1.yaml
routeserverc1dir = $(routeserverdir)/c1
dist_routeserverc1_DATA = topologies/route-server/c1/frr.conf
routeserverc2dir = $(routeserverdir)/c2
dist_routeserverc2_DATA = topologies/route-server/c2/bird.conf
routeserverc3dir = $(routeserverdir)/c3
dist_routeserverc3_DATA = topologies/route-server/c3/frr.conf
dualhomeddir = $(topologiesdir)/dual-homed
dist_dualhomed_DATA = \
	topologies/dual-homed/README.md topologies/dual-homed/ce-a.conf topologies/dual-homed/dual-homed.clab.yml \
	topologies/dual-homed/dual-homed.scenario.yml topologies/dual-homed/pe1.yaml topologies/dual-homed/pe2.yaml \
	topologies/dual-homed/pe3.yaml
dualhomedstartdir = $(dualhomeddir)/start
dist_dualhomedstart_DATA = topologies/dual-homed/start/dual-homed.clab.yml topologies/dual-homed/start/pe2.yaml
