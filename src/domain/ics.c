#include "domain/ics.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/day.h"
#include "domain/seminar.h"

/*
 * RFC 5545 3.1: a line has at most 75 bytes; a folded one goes on behind CRLF and a space, never
 * inside a character.
 */
enum { LINE_BYTES = 75 };

static void line_add(struct sb *to, str line)
{
    size_t room = LINE_BYTES;

    while (line.n > room) {
        size_t n = room;

        while (n && ((unsigned char)line.p[n] & 0xc0) == 0x80)
            n--;
        sb_add(to, str_take(line, n));
        sb_c(to, "\r\n ");
        line = str_from(line, n);
        room = LINE_BYTES - 1; /* the space counts */
    }
    sb_add(to, line);
    sb_c(to, "\r\n");
}

/* RFC 5545 3.3.11: backslash, semicolon, comma and line end are escaped. */
static str escaped(struct arena *a, str s)
{
    struct sb b = sb_init(a, 0);

    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];

        if (c == '\r')
            continue;
        if (c == '\\' || c == ';' || c == ',')
            sb_char(&b, '\\');
        if (c == '\n')
            sb_c(&b, "\\n");
        else
            sb_char(&b, c);
    }
    return sb_str(&b);
}

static str utc(struct arena *a, usec t)
{
    struct day d = day_of_number(t / USEC_DAY);
    int s = (int)(t % USEC_DAY / USEC_S);

    return arena_printf(a, "%04d%02d%02dT%02d%02d%02dZ", d.year, d.month, d.day, s / 3600,
                        s / 60 % 60, s % 60);
}

static void property(struct arena *a, struct sb *to, const char *name, str value)
{
    str line = arena_printf(a, "%s:%.*s", name, STR(value));

    if (!line.p)
        to->err = true;
    else
        line_add(to, line);
}

int ics_seminar(struct arena *a, const struct seminar *s, str url, str host, usec now,
                str *ret_ics)
{
    struct sb b = sb_init(a, 0);
    str uid = arena_printf(a, "%.*s@%.*s", STR(s->slug), STR(host));

    line_add(&b, S("BEGIN:VCALENDAR"));
    line_add(&b, S("VERSION:2.0"));
    line_add(&b, S("PRODID:-//Kengesh//Kengesh//EN"));
    line_add(&b, S("METHOD:PUBLISH"));
    line_add(&b, S("BEGIN:VEVENT"));
    property(a, &b, "UID", uid);
    property(a, &b, "DTSTAMP", utc(a, now));
    property(a, &b, "SEQUENCE", arena_printf(a, "%d", s->moves));
    property(a, &b, "DTSTART", utc(a, s->starts_at));
    property(a, &b, "DTEND", utc(a, s->starts_at + s->minutes * 60 * USEC_S));
    property(a, &b, "SUMMARY", escaped(a, s->short_title.body));
    property(a, &b, "DESCRIPTION", escaped(a, s->title.body));
    property(a, &b, "URL", url);
    line_add(&b, S("END:VEVENT"));
    line_add(&b, S("END:VCALENDAR"));
    if (b.err || !uid.p)
        return ERR_MEM;
    *ret_ics = sb_str(&b);
    return 0;
}
