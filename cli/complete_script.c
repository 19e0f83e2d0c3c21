/* What the shells are told: each asks `ravelin --complete` for the words, and falls back to files. */
#include <string.h>

#include "cli/complete.h"
#include "lib/check.h"

static const char script_bash[] =
	"# completion of ravelin for bash: source it, or put it into\n"
	"# /usr/share/bash-completion/completions/ravelin\n"
	"_ravelin()\n"
	"{\n"
	"	local line IFS=$'\\n'\n"
	"	COMPREPLY=()\n"
	"	for line in $(\"${COMP_WORDS[0]}\" --complete \"${COMP_WORDS[@]:1:COMP_CWORD}\" "
	"2>/dev/null); do\n"
	"		COMPREPLY+=(\"${line%%$'\\t'*}\")\n"
	"	done\n"
	"}\n"
	"complete -o default -F _ravelin ravelin\n";

static const char script_zsh[] =
	"#compdef ravelin\n"
	"# completion of ravelin for zsh: as _ravelin in a folder of $fpath\n"
	"_ravelin()\n"
	"{\n"
	"	local -a lines\n"
	"	lines=(\"${(@f)$(\"$words[1]\" --complete \"${(@)words[2,CURRENT]}\" "
	"2>/dev/null)}\")\n"
	"	lines=(${(@)lines:#})\n"
	"	if (( ! $#lines )); then\n"
	"		_files\n"
	"		return\n"
	"	fi\n"
	"	lines=(\"${(@)lines//:/\\\\:}\")\n"
	"	lines=(\"${(@)lines/$'\\t'/:}\")\n"
	"	_describe ravelin lines\n"
	"}\n"
	"if [ \"$funcstack[1]\" = _ravelin ]; then\n"
	"	_ravelin \"$@\"\n"
	"else\n"
	"	compdef _ravelin ravelin\n"
	"fi\n";

static const char script_fish[] =
	"# completion of ravelin for fish: /usr/share/fish/vendor_completions.d/ravelin.fish\n"
	"function __ravelin_complete\n"
	"	set -l words (commandline -opc) (commandline -ct)\n"
	"	command $words[1] --complete $words[2..-1] 2>/dev/null\n"
	"end\n"
	"complete -c ravelin -a '(__ravelin_complete)'\n";

const char *cli_complete_script(const char *shell)
{
	static const struct {
		const char *shell, *script;
	} rows[] = {{"bash", script_bash}, {"zsh", script_zsh}, {"fish", script_fish}};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].shell, shell) == 0)
			return rows[i].script;
	return NULL;
}
