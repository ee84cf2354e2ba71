#include "app/manual.h"

#include "app/command.h"
#include "app/flag.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"

void manual_help(struct sb *to)
{
    const struct command *cmd;

    sb_c(to, "usage: kengesh COMMAND [flags]\n\n");
    for (size_t i = 0; (cmd = command_at(i)); i++)
        sb_printf(to, "  %-11s %s\n", cmd->name, cmd->help);
}

static bool has_flags(const struct command *cmd)
{
    const struct flag *f;

    for (size_t i = 0; (f = flag_at(i)); i++)
        if (f->commands & cmd->bit)
            return true;
    return false;
}

static void flag_help(struct sb *to, const struct flag *f)
{
    sb_printf(to, "  --%s%s%s\n      %s", f->name, f->value ? " " : "", f->value ? f->value : "",
              f->help);
    if (f->fallback && f->fallback[0])
        sb_printf(to, " (default %s)", f->fallback);
    if (f->env)
        sb_printf(to, " [%s]", f->env);
    sb_char(to, '\n');
}

void manual_command(struct sb *to, const struct command *cmd)
{
    const struct flag *f;

    sb_printf(to, "usage: kengesh %s%s%s%s\n%s\n", cmd->name, cmd->args[0] ? " " : "", cmd->args,
              has_flags(cmd) ? " [flags]" : "", cmd->help);
    if (!has_flags(cmd))
        return;
    sb_char(to, '\n');
    for (size_t i = 0; (f = flag_at(i)); i++)
        if (f->commands & cmd->bit)
            flag_help(to, f);
}

/* ---- manual page ---- */

/* Text of a man page: a dash must be \-, and a line may not begin with a dot. */
static void roff(struct sb *to, const char *s)
{
    if (*s == '.' || *s == '\'')
        sb_c(to, "\\&");
    for (; *s; s++) {
        if (*s == '-' || *s == '\\')
            sb_char(to, '\\');
        sb_char(to, *s == '\\' ? 'e' : *s);
    }
}

static void man_commands(struct sb *to)
{
    const struct command *cmd;

    sb_c(to, ".SH COMMANDS\n");
    for (size_t i = 0; (cmd = command_at(i)); i++) {
        sb_printf(to, ".TP\n.B %s ", cmd->name);
        roff(to, cmd->args);
        sb_char(to, '\n');
        roff(to, cmd->help);
        sb_char(to, '\n');
    }
}

static void man_flag(struct sb *to, const struct flag *f)
{
    const struct command *cmd;

    sb_c(to, ".TP\n.BI \\-\\-");
    roff(to, f->name);
    if (f->value)
        sb_printf(to, " \" %s\"", f->value);
    sb_char(to, '\n');
    roff(to, f->help);
    sb_c(to, ".\n");
    if (f->fallback && f->fallback[0]) {
        sb_c(to, "Default: ");
        roff(to, f->fallback);
        sb_c(to, ".\n");
    }
    if (f->env)
        sb_printf(to, "Environment: %s.\n", f->env);
    sb_c(to, "Of:");
    for (size_t i = 0; (cmd = command_at(i)); i++)
        if (cmd->bit & f->commands)
            sb_printf(to, " %s", cmd->name);
    sb_c(to, ".\n");
}

static const char man_head[] =
    ".\\\" Printed by `kengesh man`; do not edit.\n"
    ".TH KENGESH 1\n"
    ".SH NAME\n"
    "kengesh \\- seminars, their live rooms and their news, on one server\n"
    ".SH SYNOPSIS\n"
    ".B kengesh\n.I command\n.RI [ flags ]\n"
    ".SH DESCRIPTION\n"
    "Kengesh convenes a coalition's seminar, holds it as a video conference, keeps what was agreed "
    "and\n"
    "publishes what came of it. It is one program with one data folder, one TCP port and one UDP "
    "port.\n";

static const char man_tail[] =
    ".SH CONFIGURATION FILE\n"
    "One setting a line,\n.IR \"name \" = \" value\" ,\nwith the names of the flags of\n.B serve\n"
    "without their dashes. A switch takes yes or no. A line that begins with # is a remark.\n"
    "An unknown name is an error that tells the line.\n"
    ".PP\n"
    "The file is the one that \\-\\-config or KENGESH_CONFIG names, else kengesh.conf of the data "
    "folder,\n"
    "if it is there. What the command line says goes before the environment, the environment "
    "before\n"
    "the file, and the file before the default.\n"
    ".SH SIGNALS\n"
    ".TP\n.B SIGTERM, SIGINT\nEnd the server: running answers are finished, all that was "
    "acknowledged is on the disk.\n"
    ".TP\n.B SIGHUP\nReads the certificate and its key again.\n"
    ".SH EXIT STATUS\n"
    "0 done, 1 failed, 2 asked wrongly.\n"
    ".SH FILES\n"
    ".TP\n.I kengesh.db\nin the data folder: the record.\n"
    ".TP\n.I help.db\nrequests of people at risk, apart from everything else.\n"
    ".TP\n.I secret\npersonal links and form tokens are made from it.\n"
    ".TP\n.I sign.key\nthe key that signs the donors' sheets.\n"
    ".TP\n.I self\\-made\\-cert.pem, self\\-made\\-key.pem\nthe certificate that "
    "\\-\\-tls\\-self made, and its key.\n"
    ".TP\n.I kengesh.conf\nsettings, if you want a file.\n"
    ".SH SEE ALSO\n"
    "docs/operate.md and docs/security.md of the sources.\n";

void manual_man(struct sb *to)
{
    const struct flag *f;

    sb_c(to, man_head);
    man_commands(to);
    sb_c(to, ".SH FLAGS\n");
    for (size_t i = 0; (f = flag_at(i)); i++)
        man_flag(to, f);
    sb_c(to, man_tail);
}

/* ---- completion ---- */

static void words_of_commands(struct sb *to)
{
    const struct command *cmd;

    for (size_t i = 0; (cmd = command_at(i)); i++)
        sb_printf(to, "%s%s", i ? " " : "", cmd->name);
}

static void words_of_flags(struct sb *to, const struct command *cmd)
{
    const struct flag *f;

    for (size_t i = 0; (f = flag_at(i)); i++)
        if (f->commands & cmd->bit)
            sb_printf(to, "--%s ", f->name);
    sb_c(to, "--help");
}

/* zsh understands bash's functions after bashcompinit. */
int manual_completion(struct sb *to, str shell)
{
    const struct command *cmd;

    if (!str_eq(shell, S("bash")) && !str_eq(shell, S("zsh")))
        return ERR_UNSUPPORTED;
    if (str_eq(shell, S("zsh")))
        sb_c(to, "#compdef kengesh\nautoload -U +X bashcompinit && bashcompinit\n");
    sb_c(to, "_kengesh()\n{\n    local word=${COMP_WORDS[COMP_CWORD]} words\n"
             "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        words='");
    words_of_commands(to);
    sb_c(to, "'\n    else\n        case ${COMP_WORDS[1]} in\n");
    for (size_t i = 0; (cmd = command_at(i)); i++) {
        sb_printf(to, "        %s) words='", cmd->name);
        words_of_flags(to, cmd);
        sb_c(to, "' ;;\n");
    }
    sb_c(to, "        *) words='' ;;\n        esac\n    fi\n"
             "    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}\n"
             "complete -o default -F _kengesh kengesh\n");
    return 0;
}
