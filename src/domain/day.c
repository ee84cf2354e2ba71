#include "domain/day.h"

#include "base/err.h"
#include "base/str.h"

#include <unicode/ucal.h>
#include <unicode/ustring.h>

/*
 * Years are counted from March, so that the leap day is the last of its year; an era is 400 years,
 * 146097 days.
 */
int64_t day_number(struct day d)
{
    int64_t y = d.month <= 2 ? d.year - 1 : d.year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;

    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

struct day day_of_number(int64_t n)
{
    int64_t z = n + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t m = (5 * doy + 2) / 153;
    struct day d = {
        .year = (int)(yoe + era * 400 + (m >= 10)),
        .month = (int)(m < 10 ? m + 3 : m - 9),
        .day = (int)(doy - (153 * m + 2) / 5 + 1),
    };

    return d;
}

/* Exactly n digits at the head of *io. */
static int digits(str *io, size_t n, int *ret_value)
{
    int v = 0;

    if (io->n < n)
        return ERR_SYNTAX;
    for (size_t i = 0; i < n; i++) {
        if (io->p[i] < '0' || io->p[i] > '9')
            return ERR_SYNTAX;
        v = v * 10 + (io->p[i] - '0');
    }
    *io = str_from(*io, n);
    *ret_value = v;
    return 0;
}

static int literal(str *io, char c)
{
    if (!io->n || io->p[0] != c)
        return ERR_SYNTAX;
    *io = str_from(*io, 1);
    return 0;
}

static int date_read(str *io, struct day *ret_day)
{
    struct day d, back;

    if (digits(io, 4, &d.year) || literal(io, '-') || digits(io, 2, &d.month) || literal(io, '-') ||
        digits(io, 2, &d.day) || d.month < 1 || d.month > 12)
        return ERR_SYNTAX;
    back = day_of_number(day_number(d));
    if (back.day != d.day || back.month != d.month)
        return ERR_SYNTAX; /* 30 February comes back as another day */
    *ret_day = d;
    return 0;
}

int day_parse(str s, struct day *ret_day)
{
    struct day d;

    if (date_read(&s, &d) < 0 || s.n)
        return ERR_SYNTAX;
    *ret_day = d;
    return 0;
}

int day_parse_time(str s, usec *ret_time)
{
    struct day d;
    int h, m, sec, oh = 0, om = 0, sign = 1;

    if (date_read(&s, &d) || literal(&s, 'T') || digits(&s, 2, &h) || literal(&s, ':') ||
        digits(&s, 2, &m) || literal(&s, ':') || digits(&s, 2, &sec) || !s.n)
        return ERR_SYNTAX;
    if (s.p[0] != 'Z') {
        sign = s.p[0] == '+' ? 1 : s.p[0] == '-' ? -1 : 0;
        s = str_from(s, 1);
        if (!sign || digits(&s, 2, &oh) || literal(&s, ':') || digits(&s, 2, &om))
            return ERR_SYNTAX;
    } else {
        s = str_from(s, 1);
    }
    if (s.n || h > 23 || m > 59 || sec > 59 || oh > 14 || om > 59)
        return ERR_SYNTAX;
    *ret_time =
        day_number(d) * USEC_DAY + ((h * 60 + m - sign * (oh * 60 + om)) * 60 + sec) * USEC_S;
    return 0;
}

struct day day_in_zone(usec t, str zone)
{
    UErrorCode e = U_ZERO_ERROR;
    UChar wide[64];
    int32_t n = 0;
    usec shift = 0;
    UCalendar *cal;

    u_strFromUTF8(wide, (int32_t)NELEM(wide), &n, zone.p ? zone.p : "", (int32_t)zone.n, &e);
    cal = ucal_open(wide, n, "en", UCAL_GREGORIAN, &e);
    if (U_SUCCESS(e)) {
        ucal_setMillis(cal, (double)(t / USEC_MS), &e);
        shift =
            (ucal_get(cal, UCAL_ZONE_OFFSET, &e) + ucal_get(cal, UCAL_DST_OFFSET, &e)) * USEC_MS;
        if (U_FAILURE(e))
            shift = 0;
    }
    ucal_close(cal);
    t += shift;
    return day_of_number((t >= 0 ? t : t - USEC_DAY + 1) / USEC_DAY);
}
