#include "web/reading_part.h"

#include "base/arena.h"
#include "base/err.h"
#include "domain/reading.h"
#include "gen/template.h"
#include "net/http.h"

static int64_t rounded(size_t n, size_t of)
{
    return of ? (int64_t)((n + of / 2) / of) : 0;
}

int reading_part_fill(struct exchange *x, str lang, str text, struct tpl_reading *ret_part)
{
    struct tpl_reading_longest *row;
    struct reading m = {0};
    int r = reading_measure(lang, text, &m);

    if (r < 0 && r != ERR_TOO_BIG)
        return r;
    row = arena_array(x->arena, READING_LONGEST, sizeof(*row));
    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < m.nlongest; i++)
        row[i] = (struct tpl_reading_longest){.text = arena_str(x->arena, m.longest[i].text),
                                              .n = (int64_t)m.longest[i].nwords};
    *ret_part = (struct tpl_reading){
        .code = lang,
        .words = (int64_t)m.nwords,
        .sentences = (int64_t)m.nsentences,
        .per_sentence = rounded(m.nwords, m.nsentences),
        .percent_long = rounded(100 * m.nlong, m.nwords),
        .syllables = rounded(100 * m.nsyllables, m.nwords),
        .is_grade = m.scale == READING_GRADE,
        .is_ease = m.scale == READING_EASE,
        .score = m.score,
        .longest = row,
        .nlongest = m.nlongest,
    };
    return 0;
}
