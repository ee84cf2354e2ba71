#include "domain/numeral.h"

#include "base/sb.h"
#include "base/str.h"

enum { LONGEST = 12, THOUSAND = 1000 };

/* Each with what makes it an ordinal: "birinji", "altynjy". */
struct word {
    const char *word, *ordinal;
};

static const struct word ones[10] = {
    {"nol", "ynjy"},   {"bir", "inji"}, {"iki", "nji"},  {"üç", "ünji"},    {"dört", "ünji"},
    {"bäş", "inji"}, {"alty", "njy"}, {"ýedi", "nji"}, {"sekiz", "inji"}, {"dokuz", "ynjy"},
};
static const struct word tens[10] = {
    {"", ""},          {"on", "unjy"},     {"ýigrimi", "nji"}, {"otuz", "ynjy"},
    {"kyrk", "ynjy"},  {"elli", "nji"},    {"altmyş", "ynjy"}, {"ýetmiş", "inji"},
    {"segsen", "inji"}, {"togsan", "ynjy"},
};
static const struct word hundred = {"ýüz", "ünji"};
static const struct word thousands[4] = {
    {"", ""}, {"müň", "ünji"}, {"million", "ynjy"}, {"milliard", "ynjy"}};

bool numeral_is_needed(str lang)
{
    return str_eq(lang, S("tk"));
}

static void add(struct sb *to, const struct word *w, const char **io_ordinal)
{
    if (to->n && to->p[to->n - 1] != ' ')
        sb_char(to, ' ');
    sb_c(to, w->word);
    *io_ordinal = w->ordinal;
}

/* 1 to 999. */
static void add_group(struct sb *to, unsigned n, const char **io_ordinal)
{
    if (n >= 200)
        add(to, &ones[n / 100], io_ordinal);
    if (n >= 100)
        add(to, &hundred, io_ordinal);
    if (n / 10 % 10)
        add(to, &tens[n / 10 % 10], io_ordinal);
    if (n % 10)
        add(to, &ones[n % 10], io_ordinal);
}

void numeral_add_digit(struct sb *to, char digit)
{
    const char *ordinal;

    add(to, &ones[(unsigned)(digit - '0') % 10], &ordinal);
}

void numeral_add(struct sb *to, str digits, bool is_ordinal)
{
    const char *ordinal = "";
    uint64_t n = 0, unit = (uint64_t)THOUSAND * THOUSAND * THOUSAND;

    if (digits.n > LONGEST || str_u64(digits, UINT64_MAX, &n) < 0) {
        for (size_t i = 0; i < digits.n; i++)
            numeral_add_digit(to, digits.p[i]);
        return;
    }
    if (!n)
        add(to, &ones[0], &ordinal);
    for (int power = 3; power >= 0; power--, unit /= THOUSAND) {
        unsigned group = (unsigned)(n / unit % THOUSAND);

        if (!group)
            continue;
        add_group(to, group, &ordinal);
        if (power)
            add(to, &thousands[power], &ordinal);
    }
    if (is_ordinal)
        sb_c(to, ordinal);
}
