#include "domain/zone.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/day.h"

#include <string.h>
#include <unicode/ucal.h>

enum { ZONE_TEXT = 64 };

/* Where the region's people live, work and study, and where its donors are. */
static const char *const zones[] = {
    "America/New_York", "Europe/London", "Europe/Oslo",    "Europe/Vienna",  "Europe/Zurich",
    "Europe/Warsaw",    "Europe/Istanbul", "Europe/Moscow", "Asia/Tehran",    "Asia/Baku",
    "Asia/Dubai",       "Asia/Kabul",    "Asia/Ashgabat",  "Asia/Dushanbe",  "Asia/Samarkand",
    "Asia/Tashkent",    "Asia/Almaty",   "Asia/Bishkek",   "Asia/Yekaterinburg", "Asia/Seoul",
};

str zone_at(size_t i)
{
    return i < NELEM(zones) ? str_c(zones[i]) : (str){NULL, 0};
}

/* ASCII as ICU's characters; false when it is something else. */
static bool widen(str zone, UChar to[static ZONE_TEXT])
{
    if (!zone.n || zone.n >= ZONE_TEXT)
        return false;
    for (size_t i = 0; i < zone.n; i++) {
        if (zone.p[i] <= ' ' || zone.p[i] > '~')
            return false;
        to[i] = (UChar)zone.p[i];
    }
    to[zone.n] = 0;
    return true;
}

bool zone_is_known(str zone)
{
    UErrorCode e = U_ZERO_ERROR;
    UChar wide[ZONE_TEXT], canonical[ZONE_TEXT];
    UBool is_system = 0;

    if (!widen(zone, wide))
        return false;
    (void)ucal_getCanonicalTimeZoneID(wide, -1, canonical, ZONE_TEXT, &is_system, &e);
    return U_SUCCESS(e) && is_system;
}

/* Minutes since midnight of "10:00". */
static int clock_parse(str clock, int *ret_minute)
{
    struct str_pair cut = str_cut(clock, ':');
    uint64_t h, m;

    if (!cut.ok || cut.head.n > 2 || cut.tail.n != 2 || str_u64(cut.head, 23, &h) < 0 ||
        str_u64(cut.tail, 59, &m) < 0)
        return ERR_SYNTAX;
    *ret_minute = (int)(h * 60 + m);
    return 0;
}

int zone_time(str zone, str day, str clock, usec *ret_at)
{
    UErrorCode e = U_ZERO_ERROR;
    UChar wide[ZONE_TEXT];
    UCalendar *cal;
    struct day d;
    double ms = 0;
    int minute;

    if (day_parse(day, &d) < 0 || clock_parse(clock, &minute) < 0)
        return ERR_SYNTAX;
    if (!zone_is_known(zone) || !widen(zone, wide))
        return ERR_NOT_FOUND;
    cal = ucal_open(wide, -1, "en", UCAL_GREGORIAN, &e);
    if (U_FAILURE(e))
        return ERR_MEM;
    ucal_clear(cal);
    ucal_setDateTime(cal, d.year, d.month - 1, d.day, minute / 60, minute % 60, 0, &e);
    ms = ucal_getMillis(cal, &e);
    ucal_close(cal);
    if (U_FAILURE(e))
        return ERR_RANGE;
    *ret_at = (usec)ms * USEC_MS;
    return 0;
}

str zone_day(struct arena *a, str zone, usec at)
{
    struct day d = day_in_zone(at, zone);

    return arena_printf(a, "%04d-%02d-%02d", d.year, d.month, d.day);
}

str zone_clock(struct arena *a, str zone, usec at)
{
    UErrorCode e = U_ZERO_ERROR;
    UChar wide[ZONE_TEXT];
    UCalendar *cal = widen(zone, wide) ? ucal_open(wide, -1, "en", UCAL_GREGORIAN, &e) : NULL;
    int hour = (int)(at / (3600 * USEC_S) % 24), minute = (int)(at / (60 * USEC_S) % 60);

    if (cal && U_SUCCESS(e)) {
        ucal_setMillis(cal, (double)(at / USEC_MS), &e);
        hour = ucal_get(cal, UCAL_HOUR_OF_DAY, &e);
        minute = ucal_get(cal, UCAL_MINUTE, &e);
    }
    ucal_close(cal);
    return arena_printf(a, "%02d:%02d", hour, minute);
}
