#include "bgpd/wire/fault.h"

#include <string.h>

void wire_fault_set(struct wire_fault *f, enum wire_action action, uint8_t code, uint8_t subcode,
	const char *why)
{
	*f = (struct wire_fault){.action = action, .code = code, .subcode = subcode, .why = why};
}

void wire_fault_add_data(struct wire_fault *f, const void *octets, size_t len)
{
	if (len > (size_t)(WIRE_FAULT_DATA_MAX - f->data_len))
		len = (size_t)(WIRE_FAULT_DATA_MAX - f->data_len);
	if (len > 0)
		memcpy(f->data + f->data_len, octets, len);
	f->data_len = (uint8_t)(f->data_len + len);
}

void wire_fault_raise(struct wire_fault *keep, const struct wire_fault *other)
{
	if (other->action > keep->action)
		*keep = *other;
}
