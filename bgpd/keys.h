/*
 * The neighbours' keys are mplsfwd's: it opens the sockets. This is what keeps them out of bgpd, which is forked from
 * the process that has read the configuration and would otherwise carry every copy that reading it left in memory.
 */
#ifndef BGPD_KEYS_H
#define BGPD_KEYS_H

struct conf;

/* Before the configuration is read: memory that is freed from here on is overwritten (glibc's M_PERTURB). */
void keys_guard(void);

/* After it was read: overwrites what small freed blocks and the stack may still hold, which M_PERTURB leaves alone. */
void keys_scrub(void);

/* In bgpd: the keys themselves, and what a reload has left where keys_scrub looks. That there is one (password_len) is still to be seen. */
void keys_forget(const struct conf *conf);

#endif
