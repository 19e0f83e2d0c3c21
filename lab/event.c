/* What happens inside, told to the outside. */
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "lab/channel.h"
#include "lab/run.h"

void lab_event(struct lab_run *r, json_t *event)
{
	json_object_set_new(event, "t", json_integer(lab_now_ms()));
	if (lab_channel_send_json(r->out, LAB_FRAME_EVENT, 0, event) < 0)
		_exit(3); /* nobody listens any more: as PID 1 this ends everything */
	json_decref(event);
}

void lab_note(struct lab_run *r, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	lab_event(r, json_pack("{s:s, s:s}", "ev", "note", "text", text));
}
