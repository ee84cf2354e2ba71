#include "web/safety_form.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "gen/text.h"
#include "net/http.h"

enum { QUESTIONS = 4, ANSWERS = 4 };

/* The answers in the order of enum safety_answer and enum safety_consent. */
static const struct {
    const char *name;
    enum text_id label, hint, answer[ANSWERS];
} questions[QUESTIONS] = {
    {"faces",
     TEXT_SAFETY_FACES,
     TEXT_SAFETY_FACES_HINT,
     {TEXT_SAFETY_FACES_NO, TEXT_SAFETY_FACES_HIDDEN, TEXT_SAFETY_AGREED, TEXT_SAFETY_FACES_YES}},
    {"names",
     TEXT_SAFETY_NAMES,
     TEXT_SAFETY_NAMES_HINT,
     {TEXT_SAFETY_NAMES_NO, TEXT_SAFETY_NAMES_HIDDEN, TEXT_SAFETY_AGREED, TEXT_SAFETY_NAMES_YES}},
    {"places",
     TEXT_SAFETY_PLACES,
     TEXT_SAFETY_PLACES_HINT,
     {TEXT_SAFETY_PLACES_NO, TEXT_SAFETY_PLACES_HIDDEN, TEXT_SAFETY_AGREED,
      TEXT_SAFETY_PLACES_YES}},
    {"consent",
     TEXT_SAFETY_CONSENT,
     TEXT_SAFETY_CONSENT_HINT,
     {TEXT_SAFETY_CONSENT_NOBODY, TEXT_SAFETY_CONSENT_FILE, TEXT_SAFETY_CONSENT_MISSING,
      TEXT_NONE}},
};

static int answer(struct exchange *x, const char *name, int end)
{
    int64_t v;

    return str_i64(http_field(x, str_c(name)), 1, end - 1, &v) == 0 ? (int)v : 0;
}

bool safety_form_read(struct exchange *x, struct safety_in *ret_in)
{
    struct safety_in in = {
        .faces = answer(x, "faces", SAFETY_ANSWERS),
        .names = answer(x, "names", SAFETY_ANSWERS),
        .places = answer(x, "places", SAFETY_ANSWERS),
        .consent = answer(x, "consent", SAFETY_CONSENTS),
        .note = str_trim(http_field(x, S("safety_note"))),
    };

    *ret_in = in;
    return in.faces || in.names || in.places || in.consent;
}

int safety_form_fill(struct exchange *x, const struct safety_in *in, bool has_faults,
                     struct tpl_safety_questions *ret_part)
{
    const int chosen[QUESTIONS] = {in->faces, in->names, in->places, in->consent};
    struct tpl_safety_question *row = arena_array(x->arena, QUESTIONS, sizeof(*row));

    if (!row)
        return ERR_MEM;
    for (int i = 0; i < QUESTIONS; i++) {
        struct tpl_safety_question_answers *a = arena_array(x->arena, ANSWERS, sizeof(*a));
        size_t n = 0;

        for (int k = 0; a && k < ANSWERS && questions[i].answer[k]; k++)
            a[n++] = (struct tpl_safety_question_answers){
                .value = arena_printf(x->arena, "%d", k + 1),
                .label = questions[i].answer[k],
                .is_chosen = chosen[i] == k + 1,
            };
        row[i] = (struct tpl_safety_question){
            .name = str_c(questions[i].name),
            .label = questions[i].label,
            .hint = questions[i].hint,
            .is_bad = has_faults && !chosen[i],
            .answers = a,
            .nanswers = n,
        };
    }
    *ret_part = (struct tpl_safety_questions){
        .questions = row,
        .nquestions = QUESTIONS,
        .note = in->note.p ? in->note : S(""),
        .is_note_bad = has_faults && in->consent == SAFETY_ON_FILE && !in->note.n,
    };
    return 0;
}
