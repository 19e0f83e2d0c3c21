/* What the running daemon says of itself: answers of its API -> intent. Pure; the text is not believed to be well formed. */
#ifndef AUDIT_API_H
#define AUDIT_API_H

#include "audit/intent.h"

/* Answers of /v1/vrf (labels and routes) and /v1/guard. False: not what such an answer looks like. */
bool audit_api_vrf(struct audit_intent *in, const char *text, size_t len);
bool audit_api_guard(struct audit_intent *in, const char *text, size_t len);

#endif
