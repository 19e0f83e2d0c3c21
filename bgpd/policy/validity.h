/* What a third party's signatures say of a route: RPKI origin validation (RFC 6811) and AS_PATH verification by ASPA. */
#ifndef BGPD_POLICY_VALIDITY_H
#define BGPD_POLICY_VALIDITY_H

enum pol_rov {		 /* RFC 6811 2 */
	POL_ROV_UNKNOWN, /* no cache has ever answered: nothing is concluded from that */
	POL_ROV_NOT_FOUND,
	POL_ROV_VALID,
	POL_ROV_INVALID,
};

enum pol_aspa {	       /* draft-ietf-sidrops-aspa-verification 6 */
	POL_ASPA_NONE, /* no cache offers ASPA, or it does not apply */
	POL_ASPA_UNKNOWN,
	POL_ASPA_VALID,
	POL_ASPA_INVALID,
};

#endif
