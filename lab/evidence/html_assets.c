/* lab/evidence/page.css and page.js; the assembler finds them from the top of the source (html.mk). */
#include "lab/evidence/html_assets.h"

#define EMBED(name, file)                                                                          \
	__asm__(".pushsection .rodata\n"                                                           \
		"html_" #name "_start:\n"                                                          \
		".incbin \"" file "\"\n"                                                           \
		"html_" #name "_end:\n"                                                            \
		".byte 0\n"                                                                        \
		".popsection\n");                                                                  \
	extern const char html_##name##_start[], html_##name##_end[]

EMBED(style, "lab/evidence/page.css");
EMBED(script, "lab/evidence/page.js");

struct html_asset html_asset_style(void)
{
	return (struct html_asset){html_style_start, (size_t)(html_style_end - html_style_start)};
}

struct html_asset html_asset_script(void)
{
	return (struct html_asset){
		html_script_start, (size_t)(html_script_end - html_script_start)};
}
