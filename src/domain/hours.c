#include "domain/hours.h"

#include "base/err.h"
#include "base/str.h"
#include "domain/zone.h"

#include <unicode/ucal.h>
#include <unicode/ustring.h>

static const char *const day_names[] = {"mo", "tu", "we", "th", "fr", "sa", "su"};

const char *hours_day_name(int day)
{
    return day >= 0 && day < (int)NELEM(day_names) ? day_names[day] : "?";
}

static int day_parse_name(str s, int *ret_day)
{
    for (int i = 0; i < (int)NELEM(day_names); i++)
        if (str_ieq(s, str_c(day_names[i]))) {
            *ret_day = i;
            return 0;
        }
    return ERR_SYNTAX;
}

/* "mo-fr" or "sa" as bits. */
static int range_parse(str s, unsigned *io_days)
{
    struct str_pair cut = str_cut(s, '-');
    int from = 0, to = 0, r = day_parse_name(cut.head, &from);

    if (r == 0)
        r = cut.ok ? day_parse_name(cut.tail, &to) : (to = from, 0);
    if (r < 0)
        return r;
    for (int d = from;; d = (d + 1) % 7) {
        *io_days |= 1u << d;
        if (d == to)
            return 0;
    }
}

static int days_parse(str s, unsigned *ret_days)
{
    struct str_pair cut = {.tail = s};
    int r = 0;

    *ret_days = 0;
    do {
        cut = str_cut(cut.tail, ',');
        r = range_parse(str_trim(cut.head), ret_days);
    } while (r == 0 && cut.ok);
    return r;
}

/* "09:00"; 24:00 is the end of the day. */
static int minute_parse(str s, int *ret_minute)
{
    struct str_pair cut = str_cut(s, ':');
    uint64_t hour, minute;

    if (!cut.ok || cut.head.n != 2 || cut.tail.n != 2 || str_u64(cut.head, 24, &hour) < 0 ||
        str_u64(cut.tail, 59, &minute) < 0 || hour * 60 + minute > HOURS_DAY)
        return ERR_SYNTAX;
    *ret_minute = (int)(hour * 60 + minute);
    return 0;
}

static int span_parse(str s, struct hours_span *to)
{
    struct str_pair words = str_rcut(s, ' ');
    struct str_pair times = str_cut(words.tail, '-');
    int r = words.ok && times.ok ? days_parse(str_trim(words.head), &to->days) : ERR_SYNTAX;

    if (r == 0)
        r = minute_parse(times.head, &to->from);
    if (r == 0)
        r = minute_parse(times.tail, &to->to);
    return r;
}

int hours_parse(str s, struct hours *ret_hours)
{
    struct hours h = {0};
    struct str_pair cut = {.tail = str_trim(s)};
    int r = 0;

    if (str_eq(cut.tail, S("24/7"))) {
        h.is_always = true;
        h.n = 1;
        h.span[0] = (struct hours_span){.days = 0x7f, .from = 0, .to = HOURS_DAY};
        *ret_hours = h;
        return 0;
    }
    while (r == 0 && cut.tail.n) {
        str one;

        cut = str_cut(cut.tail, ';');
        one = str_trim(cut.head);
        if (!one.n)
            continue;
        r = h.n < HOURS_MOST ? span_parse(one, &h.span[h.n++]) : ERR_FULL;
    }
    if (r == 0)
        *ret_hours = h;
    return r;
}

/* Monday = 0 and the minute of the day, in the zone. */
static int local_time(str zone, usec now, int *ret_day, int *ret_minute)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar id[64];
    int32_t n = 0, day, hour, minute;
    UCalendar *cal;

    if (!zone_is_known(zone)) /* ICU would take one it does not know for GMT */
        return ERR_RANGE;
    u_strFromUTF8(id, (int32_t)NELEM(id), &n, zone.p, (int32_t)zone.n, &status);
    cal = ucal_open(id, n, "en", UCAL_GREGORIAN, &status);
    if (U_FAILURE(status))
        return ERR_RANGE;
    ucal_setMillis(cal, (double)(now / 1000), &status);
    day = ucal_get(cal, UCAL_DAY_OF_WEEK, &status); /* Sunday = 1 */
    hour = ucal_get(cal, UCAL_HOUR_OF_DAY, &status);
    minute = ucal_get(cal, UCAL_MINUTE, &status);
    ucal_close(cal);
    if (U_FAILURE(status))
        return ERR_RANGE;
    *ret_day = (day + 5) % 7;
    *ret_minute = hour * 60 + minute;
    return 0;
}

static bool is_in(const struct hours_span *s, int day, int minute)
{
    unsigned today = 1u << day, yesterday = 1u << ((day + 6) % 7);

    if (s->to > s->from)
        return (s->days & today) && minute >= s->from && minute < s->to;
    return ((s->days & today) && minute >= s->from) || ((s->days & yesterday) && minute < s->to);
}

bool hours_is_open(const struct hours *h, str zone, usec now)
{
    int day, minute;

    if (h->is_always)
        return true;
    if (!h->n || local_time(zone, now, &day, &minute) < 0)
        return false;
    for (size_t i = 0; i < h->n; i++)
        if (is_in(&h->span[i], day, minute))
            return true;
    return false;
}
