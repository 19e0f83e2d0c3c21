/* The catalogue: every attack that is built, one name a line (its function attack_NAME() is in the file of that name), and those that are not. */
#ifndef LAB_ATTACKS_CATALOGUE_H
#define LAB_ATTACKS_CATALOGUE_H

#include "lab/attacks/attack.h"

/* Label spoofing, IP spoofing, core discovery, control plane, routing, VRFs, layer 2, DHCP, ICMP, management. */
#define ATTACKS_LBL(X)                                                                             \
	X(lbl_01)                                                                                  \
	X(lbl_02)                                                                                  \
	X(lbl_03)                                                                                  \
	X(lbl_04)                                                                                  \
	X(lbl_05)                                                                                  \
	X(lbl_06)                                                                                  \
	X(lbl_07)                                                                                  \
	X(lbl_08)                                                                                  \
	X(lbl_09)                                                                                  \
	X(lbl_10)                                                                                  \
	X(lbl_11)                                                                                  \
	X(lbl_12)                                                                                  \
	X(lbl_13) X(lbl_14) X(lbl_15) X(lbl_16) X(lbl_17) X(lbl_18) X(lbl_19) X(lbl_20) X(lbl_21)
#define ATTACKS_IPS(X) X(ips_01) X(ips_02) X(ips_03) X(ips_04) X(ips_05) X(ips_06) X(ips_07)
#define ATTACKS_COR(X)                                                                             \
	X(cor_01) X(cor_02) X(cor_03) X(cor_04) X(cor_05) X(cor_06) X(cor_07) X(cor_08) X(cor_09)
#define ATTACKS_CPL(X)                                                                             \
	X(cpl_01)                                                                                  \
	X(cpl_02)                                                                                  \
	X(cpl_03)                                                                                  \
	X(cpl_04)                                                                                  \
	X(cpl_05)                                                                                  \
	X(cpl_06)                                                                                  \
	X(cpl_07)                                                                                  \
	X(cpl_08)                                                                                  \
	X(cpl_09)                                                                                  \
	X(cpl_10)                                                                                  \
	X(cpl_11) X(cpl_12) X(cpl_13) X(cpl_14) X(cpl_15) X(cpl_16) X(cpl_17) X(cpl_18) X(cpl_19)
#define ATTACKS_RTG(X)                                                                             \
	X(rtg_01)                                                                                  \
	X(rtg_03)                                                                                  \
	X(rtg_07)                                                                                  \
	X(rtg_08)                                                                                  \
	X(rtg_08b)                                                                                 \
	X(rtg_10)                                                                                  \
	X(rtg_11)                                                                                  \
	X(rtg_12)                                                                                  \
	X(rtg_12b) X(rtg_12c) X(rtg_13) X(rtg_14) X(rtg_15) X(rtg_18) X(rtg_19) X(rtg_21) X(rtg_22)
#define ATTACKS_VRF(X)                                                                             \
	X(vrf_01)                                                                                  \
	X(vrf_02) X(vrf_03) X(vrf_05) X(vrf_06) X(vrf_07) X(vrf_08) X(vrf_09) X(vrf_10) X(vrf_11)
#define ATTACKS_L2(X) X(l2_01) X(l2_02) X(l2_03) X(l2_04) X(l2_05) X(l2_06)
#define ATTACKS_DHC(X)                                                                             \
	X(dhc_01) X(dhc_02) X(dhc_03) X(dhc_04) X(dhc_05) X(dhc_06) X(dhc_07) X(dhc_08) X(dhc_09)
#define ATTACKS_ICM(X) X(icm_01) X(icm_02) X(icm_03)
#define ATTACKS_MGT(X) X(mgt_01) X(mgt_02) X(mgt_03) X(mgt_04) X(mgt_07) X(mgt_08)
#define ATTACKS(X)                                                                                 \
	ATTACKS_LBL(X)                                                                             \
	ATTACKS_IPS(X)                                                                             \
	ATTACKS_COR(X)                                                                             \
	ATTACKS_CPL(X)                                                                             \
	ATTACKS_RTG(X) ATTACKS_VRF(X) ATTACKS_L2(X) ATTACKS_DHC(X) ATTACKS_ICM(X) ATTACKS_MGT(X)

#define ATTACK_DECLARE(name) const struct attack *attack_##name(void);
ATTACKS(ATTACK_DECLARE)

/* In the catalogue's order; NULL past the end. */
const struct attack *attack_at(size_t i);
const struct attack *attack_find(const char *id);

/* not_yet.c; NULL past the end. */
const struct attack_missing *attack_missing_at(size_t i);

#endif
