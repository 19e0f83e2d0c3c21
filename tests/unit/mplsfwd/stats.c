#include "mplsfwd/stats.h"

#include <criterion/criterion.h>
#include <string.h>

Test(stats, tcp_counters_are_found_by_name)
{
	const struct {
		const char *text;
		struct fib_tcp_stats want;
	} rows[] = {
		{"TcpExt: A TCPMD5NotFound TCPMD5Unexpected TCPMD5Failure B TCPMinTTLDrop\n"
		 "TcpExt: 9 1 2 3 9 18446744073709551615\n",
			{1, 2, 3, UINT64_MAX}},
		{"IpExt: InOctets\nIpExt: 5\nTcpExt: TCPMinTTLDrop\nTcpExt: 4\n",
			{.min_ttl_drop = 4}},
		{"TcpExt: A\nTcpExt: 4\n", {0}}, /* a kernel without TCP-MD5 */
		{"TcpExt: TCPMD5Failure TCPMinTTLDrop\nTcpExt: 4\n", {.md5_failure = 4}},
		{"TcpExt: TCPMD5Failure\n", {0}},
		{"TcpExt:\nTcpExt:\n", {0}},
		{"\n\n\n", {0}},
		{"", {0}},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[256];
		struct fib_tcp_stats got;
		strcpy(text, rows[i].text);
		fwd_stats_tcp_parse(text, &got);
		cr_expect_eq(memcmp(&got, &rows[i].want, sizeof(got)), 0, "row %zu", i);
	}
}
