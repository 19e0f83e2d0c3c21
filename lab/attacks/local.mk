# The attack catalogue: `ravelin lab attack`. One file an attack; what they stand on first.
attacks_base = \
	lab/attacks/attack.h \
	lab/attacks/catalogue.c lab/attacks/catalogue.h lab/attacks/not_yet.c \
	lab/attacks/frame.c lab/attacks/frame.h \
	lab/attacks/judge.c lab/attacks/judge.h \
	lab/attacks/patch.c lab/attacks/protection.c lab/attacks/protection.h \
	lab/attacks/pe.c lab/attacks/pe.h \
	lab/attacks/reading.c lab/attacks/reading.h \
	lab/attacks/row.c lab/attacks/row.h \
	lab/attacks/run.c lab/attacks/run.h \
	lab/attacks/sight.h \
	lab/attacks/speaker.c lab/attacks/speaker.h lab/attacks/speaker_route.c \
	lab/attacks/speaker_tcp.c lab/attacks/speaker_tcp.h \
	lab/attacks/stage.c lab/attacks/stage.h \
	lab/attacks/survey.c lab/attacks/survey.h
attacks_lbl = lab/attacks/labelled.c lab/attacks/labelled.h lab/attacks/otheras.c lab/attacks/otheras.h \
	lab/attacks/lbl_01.c lab/attacks/lbl_02.c lab/attacks/lbl_03.c lab/attacks/lbl_04.c lab/attacks/lbl_05.c lab/attacks/lbl_06.c \
	lab/attacks/lbl_07.c lab/attacks/lbl_08.c lab/attacks/lbl_09.c lab/attacks/lbl_10.c lab/attacks/lbl_11.c lab/attacks/lbl_12.c lab/attacks/lbl_13.c \
	lab/attacks/lbl_14.c lab/attacks/lbl_15.c lab/attacks/lbl_16.c lab/attacks/lbl_17.c lab/attacks/lbl_18.c lab/attacks/lbl_19.c \
	lab/attacks/lbl_20.c lab/attacks/lbl_21.c lab/attacks/tunnelled.c lab/attacks/tunnelled.h
attacks_ips = lab/attacks/customer.c lab/attacks/customer.h lab/attacks/ips_01.c lab/attacks/ips_02.c lab/attacks/ips_03.c \
	lab/attacks/ips_04.c lab/attacks/ips_05.c lab/attacks/ips_06.c lab/attacks/ips_07.c
attacks_cor = lab/attacks/cor_01.c lab/attacks/cor_02.c lab/attacks/cor_03.c lab/attacks/cor_04.c lab/attacks/cor_05.c \
	lab/attacks/cor_06.c lab/attacks/cor_07.c lab/attacks/cor_08.c lab/attacks/cor_09.c
attacks_cpl = \
	lab/attacks/cpl_01.c lab/attacks/cpl_02.c lab/attacks/cpl_03.c lab/attacks/cpl_04.c lab/attacks/cpl_05.c \
	lab/attacks/cpl_06.c lab/attacks/cpl_07.c lab/attacks/cpl_08.c lab/attacks/cpl_09.c lab/attacks/cpl_10.c lab/attacks/cpl_11.c \
	lab/attacks/cpl_12.c lab/attacks/cpl_13.c lab/attacks/cpl_14.c lab/attacks/cpl_15.c lab/attacks/cpl_16.c \
	lab/attacks/cpl_17.c lab/attacks/cpl_18.c lab/attacks/cpl_19.c \
	lab/attacks/ear.c lab/attacks/ear.h lab/attacks/flood.c lab/attacks/flood.h lab/attacks/router.c lab/attacks/router.h \
	lab/attacks/scan.c lab/attacks/scan.h lab/attacks/victim.c lab/attacks/victim.h
attacks_rtg = \
	lab/attacks/rtg.c lab/attacks/rtg.h lab/attacks/rtg_01.c lab/attacks/rtg_03.c lab/attacks/rtg_07.c \
	lab/attacks/rtg_08.c lab/attacks/rtg_08b.c lab/attacks/rtg_10.c lab/attacks/rtg_11.c lab/attacks/rtg_12.c \
	lab/attacks/rtg_12b.c lab/attacks/rtg_12c.c lab/attacks/rtg_13.c lab/attacks/rtg_14.c lab/attacks/rtg_15.c \
	lab/attacks/rtg_18.c lab/attacks/rtg_19.c lab/attacks/rtg_21.c lab/attacks/rtg_22.c
attacks_vrf = lab/attacks/vrf_01.c lab/attacks/vrf_02.c lab/attacks/vrf_03.c lab/attacks/vrf_05.c lab/attacks/vrf_06.c \
	lab/attacks/vrf_07.c lab/attacks/vrf_08.c lab/attacks/vrf_09.c lab/attacks/vrf_10.c lab/attacks/vrf_11.c
attacks_l2 = lab/attacks/l2_01.c lab/attacks/l2_02.c lab/attacks/l2_03.c lab/attacks/l2_04.c lab/attacks/l2_05.c lab/attacks/l2_06.c
attacks_dhc = \
	lab/attacks/dhc_01.c lab/attacks/dhc_02.c lab/attacks/dhc_03.c lab/attacks/dhc_04.c lab/attacks/dhc_05.c \
	lab/attacks/dhc_06.c lab/attacks/dhc_07.c lab/attacks/dhc_08.c lab/attacks/dhc_09.c lab/attacks/dhcp.c \
	lab/attacks/dhcp.h
attacks_icm = lab/attacks/icm_01.c lab/attacks/icm_02.c lab/attacks/icm_03.c
attacks_mgt = \
	lab/attacks/mgt_01.c lab/attacks/mgt_02.c lab/attacks/mgt_03.c lab/attacks/mgt_04.c lab/attacks/mgt_07.c \
	lab/attacks/mgt_08.c
lab_liblab_a_SOURCES += $(attacks_base) $(attacks_lbl) $(attacks_ips) $(attacks_cor) $(attacks_cpl) $(attacks_rtg) \
	$(attacks_vrf) $(attacks_l2) $(attacks_dhc) $(attacks_icm) $(attacks_mgt)

# sight of every port
lab_liblab_a_SOURCES += lab/attacks/sight.c lab/attacks/sight_tell.c lab/attacks/sight_worth.c lab/attacks/sight_worth.h

# malformed input: a network and a runner of its own
lab_liblab_a_SOURCES += \
	lab/attacks/malformed.c lab/attacks/malformed.h lab/attacks/malformed_ask.c \
	lab/attacks/malformed_case.c lab/attacks/malformed_case.h lab/attacks/malformed_dut.c lab/attacks/malformed_dut.h \
	lab/attacks/malformed_play.c lab/attacks/malformed_play.h lab/attacks/malformed_score.c lab/attacks/malformed_score.h \
	lab/attacks/malformed_tell.c lab/attacks/malformed_unsent.c lab/attacks/vector.c lab/attacks/vector.h lab/attacks/variant.c lab/attacks/variant.h
