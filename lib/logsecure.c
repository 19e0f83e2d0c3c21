#include "lib/logsecure.h"

#include <string.h>

#include "lib/check.h"

static const char *const of_bgpd[] = {
	"accept_paused",
	"accept_refused",
	"api_order",
	"api_refused",
	"api_tls_failed",
	"api_tls_refused",
	"api_unknown",
	"attribute_discarded",
	"ce_rts_stripped",
	"ce_steering_stripped",
	"connection_refused",
	"connections_full",
	"dial_blocked",
	"label_refused",
	"label_removed",
	"max_prefix",
	"md5_mismatch",
	"ordered",
	"port_corrected",
	"privileges_dropped",
	"privileges_kept",
	"record_refused",
	"recording",
	"routes_refused",
	"session_down",
	"session_up",
	"treat_as_withdraw",
	"updates_begin",
	"vrf_max_routes",
};

static const char *const of_mplsfwd[] = {
	"bgpd_died",
	"bgpd_ended",
	"bgpd_lost",
	"bgpd_not_started",
	"bgpd_slow",
	"bgpd_started",
	"configuration",
	"fib_corrected",
	"forwarding_ready",
	"guard_corrected",
	"guard_drift",
	"guard_failed",
	"guard_not_yet",
	"guard_off",
	"guard_open",
	"guard_pass",
	"guard_replaced",
	"guard_unavailable",
	"guard_unknown",
	"kernel_missing",
	"listener_refused",
	"md5_key_refused",
	"port_escaped",
	"port_released",
	"reload_confirmed",
	"reload_refused",
	"reload_rolled_back",
	"reload_unchanged",
	"reload_unconfirmed",
	"reloaded",
	"request_refused",
	"rollback_failed",
	"rules_corrected",
	"rules_failed",
	"start_failed",
	"stopped",
	"stopping",
	"sysctl_failed",
	"vrf_gone",
	"vrf_lost",
};

static bool is_among(const char *const *names, size_t n, const char *event)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(names[i], event) == 0)
			return true;
	return false;
}

bool log_is_security(enum log_whose whose, const char *event)
{
	if (whose == LOG_OF_BGPD)
		return is_among(of_bgpd, ARRAY_LEN(of_bgpd), event);
	return is_among(of_mplsfwd, ARRAY_LEN(of_mplsfwd), event);
}
