/*
 * The data file of one language becomes tables. It is ours, embedded in the program, but it is read
 * as a foreign file would be: an editor's mistake is an error that names its place.
 */
#include "domain/check_i.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"

#include <jansson.h>
#include <stdlib.h>

struct reader {
    struct check_rules *r;
    str place; /* the pattern or key that is read, for the message */
};

static int fault(const struct reader *k, const char *what)
{
    log_debug("check", "rules", "what=\"%s\" at=\"%.*s\"", what, STR(k->place));
    return ERR_SYNTAX;
}

static str text_of(struct reader *k, const json_t *v)
{
    return json_is_string(v)
               ? arena_str(k->r->a, (str){json_string_value(v), json_string_length(v)})
               : (str){NULL, 0};
}

static const struct ending_class *class_by_name(const struct check_rules *r, str name)
{
    for (size_t i = 0; i < r->nclasses; i++)
        if (str_eq(r->classes[i].name, name))
            return &r->classes[i];
    return NULL;
}

static const struct pattern_list *set_by_name(const struct check_rules *r, str name)
{
    for (size_t i = 0; i < r->nsets; i++)
        if (str_eq(r->sets[i].name, name))
            return &r->sets[i];
    return NULL;
}

/* "stem*", "stem+class" or "word". */
static int atom_parse(struct reader *k, str s, struct atom *ret_atom)
{
    struct str_pair cut = str_cut(s, '+');
    struct atom t = {.kind = ATOM_WORD};

    if (cut.ok) {
        t.kind = ATOM_ENDING;
        t.endings = class_by_name(k->r, cut.tail);
        if (!t.endings)
            return fault(k, "no such class of endings");
    } else if (str_ends(s, S("*"))) {
        t.kind = ATOM_PREFIX;
        cut.head = str_take(s, s.n - 1);
    }
    t.stem = check_fold(k->r->a, cut.head);
    if (!t.stem.p)
        return ERR_MEM;
    if (t.stem.n < 1)
        return fault(k, "an empty word");
    *ret_atom = t;
    return 0;
}

static int step_parse(struct reader *k, str s, struct step *ret_step)
{
    struct step step = {.kind = STEP_ATOMS};
    int r = 0;

    if (str_eq(s, S("_"))) {
        step.kind = STEP_GAP;
    } else if (str_starts(s, S("@"))) {
        step.kind = STEP_SET;
        step.set = set_by_name(k->r, str_from(s, 1));
        if (!step.set)
            return fault(k, "no such set, or it stands further down");
    } else {
        struct str_pair cut = {.tail = s};

        step.atoms = arena_array(k->r->a, s.n, sizeof(struct atom));
        if (!step.atoms)
            return ERR_MEM;
        do {
            cut = str_cut(cut.tail, '|');
            r = atom_parse(k, cut.head, &step.atoms[step.natoms++]);
        } while (r == 0 && cut.ok);
    }
    if (r == 0)
        *ret_step = step;
    return r;
}

static int pattern_parse(struct reader *k, str s, struct pattern *ret_pattern)
{
    struct pattern p = {.steps = arena_array(k->r->a, s.n / 2 + 1, sizeof(struct step))};
    struct str_pair cut = {.tail = s};
    int r;

    if (!p.steps)
        return ERR_MEM;
    k->place = s;
    do {
        cut = str_cut(cut.tail, ' ');
        r = step_parse(k, cut.head, &p.steps[p.n++]);
    } while (r == 0 && cut.ok);
    if (r == 0 && (p.steps[0].kind == STEP_GAP || p.steps[p.n - 1].kind == STEP_GAP))
        r = fault(k, "a gap at the end of a pattern");
    if (r == 0)
        *ret_pattern = p;
    return r;
}

static int list_parse(struct reader *k, const json_t *v, struct pattern_list *ret_list)
{
    struct pattern_list l = {.name = ret_list->name};
    const json_t *row;
    size_t i;
    int r = 0;

    if (!v)
        return 0;
    if (!json_is_array(v))
        return fault(k, "patterns must be a list");
    l.patterns = arena_array(k->r->a, json_array_size(v) + 1, sizeof(struct pattern));
    if (!l.patterns)
        return ERR_MEM;
    json_array_foreach(v, i, row)
    {
        str s = text_of(k, row);

        r = s.n ? pattern_parse(k, s, &l.patterns[l.n++]) : fault(k, "a pattern must be a text");
        if (r < 0)
            return r;
    }
    *ret_list = l;
    return 0;
}

/* A list of endings, or {"chain": […], "most": n}. */
static int class_parse(struct reader *k, const json_t *v, struct ending_class *c)
{
    const json_t *list = json_is_object(v) ? json_object_get(v, "chain") : v;
    json_int_t most = json_integer_value(json_object_get(v, "most"));
    const json_t *row;
    size_t i;

    if (!json_is_array(list) || most < 0 || most > 8)
        return fault(k, "endings must be a list, `most` at most 8");
    c->most = most ? (unsigned)most : 1;
    c->endings = arena_array(k->r->a, json_array_size(list) + 1, sizeof(str));
    if (!c->endings)
        return ERR_MEM;
    json_array_foreach(list, i, row)
    {
        str s = text_of(k, row);

        if (!s.p)
            return fault(k, "an ending must be a text");
        c->endings[c->n] = check_fold(k->r->a, s);
        if (!c->endings[c->n++].p)
            return ERR_MEM;
    }
    return 0;
}

static int classes_parse(struct reader *k, json_t *o)
{
    const char *name;
    json_t *v;
    int r = 0;

    k->r->classes = arena_array(k->r->a, json_object_size(o) + 1, sizeof(struct ending_class));
    if (!k->r->classes)
        return ERR_MEM;
    json_object_foreach(o, name, v)
    {
        struct ending_class *c = &k->r->classes[k->r->nclasses];

        k->place = c->name = arena_str(k->r->a, str_c(name));
        r = class_parse(k, v, c);
        if (r < 0)
            return r;
        k->r->nclasses++;
    }
    return 0;
}

/* jansson keeps the order of the file, so a set may use those above it. */
static int sets_parse(struct reader *k, json_t *o)
{
    const char *name;
    json_t *v;
    int r = 0;

    k->r->sets = arena_array(k->r->a, json_object_size(o) + 1, sizeof(struct pattern_list));
    if (!k->r->sets)
        return ERR_MEM;
    json_object_foreach(o, name, v)
    {
        struct pattern_list *l = &k->r->sets[k->r->nsets];

        k->place = l->name = arena_str(k->r->a, str_c(name));
        r = list_parse(k, v, l);
        if (r < 0)
            return r;
        k->r->nsets++;
    }
    return 0;
}

static int texts_parse(struct reader *k, const json_t *v, str *to, size_t *ret_n)
{
    const json_t *row;
    size_t i, n = 0;

    if (json_array_size(v) > CHECK_OFFERS)
        return fault(k, "more texts than CHECK_OFFERS");
    json_array_foreach(v, i, row)
    {
        to[n] = text_of(k, row);
        if (!to[n++].n)
            return fault(k, "an empty text");
    }
    *ret_n = n;
    return 0;
}

static int severity_parse(struct reader *k, str s, enum check_severity *ret_severity)
{
    static const char *const names[] = {"info", "medium", "high"};

    for (int i = 0; i < (int)NELEM(names); i++)
        if (str_eq(s, str_c(names[i]))) {
            *ret_severity = (enum check_severity)i;
            return 0;
        }
    return fault(k, "severity is info, medium or high");
}

static int rule_parse(struct reader *k, const json_t *o, struct rule *u)
{
    struct check_rule *s = &u->shown;
    int r;

    s->id = (int)json_integer_value(json_object_get(o, "id"));
    s->label = text_of(k, json_object_get(o, "label"));
    s->reason = text_of(k, json_object_get(o, "reason"));
    s->is_contested = json_is_true(json_object_get(o, "contested"));
    s->is_draft = json_is_true(json_object_get(o, "draft"));
    r = severity_parse(k, text_of(k, json_object_get(o, "severity")), &s->severity);
    if (r == 0)
        r = texts_parse(k, json_object_get(o, "prefer"), s->prefer, &s->nprefer);
    if (r == 0)
        r = texts_parse(k, json_object_get(o, "sources"), s->sources, &s->nsources);
    if (r == 0)
        r = list_parse(k, json_object_get(o, "avoid"), &u->avoid);
    if (r == 0)
        r = list_parse(k, json_object_get(o, "near"), &u->near);
    if (r == 0)
        r = list_parse(k, json_object_get(o, "unless"), &u->unless);
    if (r == 0 &&
        (s->id <= 0 || !u->avoid.n || !s->nsources || !s->nprefer || !s->reason.n || !s->label.n))
        r = fault(k, "a rule needs id, label, avoid, prefer, reason and sources");
    return r;
}

static int start_add(struct reader *k, const struct rule *u, const struct pattern *p, str stem)
{
    struct start *s = arena_make(k->r->a, struct start);
    struct start **to = &k->r->starts[check_bucket(stem)];

    if (!s)
        return ERR_MEM;
    *s = (struct start){.rule = u, .pattern = p, .next = *to};
    *to = s;
    return stem.n < 2 ? fault(k, "the first word of a pattern has two letters at least") : 0;
}

/* Files the pattern under the first letters of every word that may begin it. */
static int index_pattern(struct reader *k, const struct rule *u, const struct pattern *p,
                         const struct step *first)
{
    int r = 0;

    if (first->kind == STEP_SET) {
        for (size_t i = 0; r == 0 && i < first->set->n; i++)
            r = index_pattern(k, u, p, first->set->patterns[i].steps);
        return r;
    }
    for (size_t i = 0; r == 0 && i < first->natoms; i++)
        r = start_add(k, u, p, first->atoms[i].stem);
    return r;
}

static int rules_parse(struct reader *k, const json_t *list)
{
    const json_t *row;
    size_t i;
    int r = 0;

    if (!json_is_array(list))
        return fault(k, "there are no rules");
    k->r->rules = arena_array(k->r->a, json_array_size(list) + 1, sizeof(struct rule));
    if (!k->r->rules)
        return ERR_MEM;
    json_array_foreach(list, i, row)
    {
        struct rule *u = &k->r->rules[k->r->nrules++];

        r = rule_parse(k, row, u);
        for (size_t p = 0; r == 0 && p < u->avoid.n; p++)
            r = index_pattern(k, u, &u->avoid.patterns[p], u->avoid.patterns[p].steps);
        if (r < 0)
            return r;
    }
    return 0;
}

static int words_parse(struct reader *k, const json_t *root)
{
    struct {
        const char *key;
        struct pattern_list *to;
    } lists[] = {
        {"laws", &k->r->laws},
        {"law_links", &k->r->law_links},
        {"places", &k->r->places},
        {"person", &k->r->person},
        {"attributions", &k->r->attributions},
        {"help", &k->r->help},
        {"figures", &k->r->figures},
        {"pictures", &k->r->pictures},
        {"captions", &k->r->captions},
    };

    for (size_t i = 0; i < NELEM(lists); i++) {
        int r;

        k->place = str_c(lists[i].key);
        r = list_parse(k, json_object_get(root, lists[i].key), lists[i].to);
        if (r < 0)
            return r;
    }
    return 0;
}

int check_rules_parse(str json, struct check_rules **ret_rules)
{
    struct check_rules *c = calloc(1, sizeof(*c));
    struct reader k = {.r = c};
    json_t *root = NULL;
    int r = ERR_MEM;

    if (!c || !(c->a = arena_new()))
        goto out;
    root = json_loadb(json.p ? json.p : "", json.n, JSON_REJECT_DUPLICATES, NULL);
    k.place = S("the file");
    c->lang = text_of(&k, json_object_get(root, "lang"));
    r = c->lang.n ? classes_parse(&k, json_object_get(root, "endings"))
                  : fault(&k, "no JSON, or without lang");
    if (r == 0)
        r = sets_parse(&k, json_object_get(root, "sets"));
    if (r == 0)
        r = words_parse(&k, root);
    if (r == 0)
        r = rules_parse(&k, json_object_get(root, "rules"));
    if (r < 0)
        goto out;
    *ret_rules = c;
    c = NULL;
out:
    json_decref(root);
    check_rules_free(c);
    return r;
}

str check_rules_lang(const struct check_rules *r)
{
    return r->lang;
}

const struct check_rule *check_rule_at(const struct check_rules *r, size_t i)
{
    return i < r->nrules ? &r->rules[i].shown : NULL;
}

void check_rules_free(struct check_rules *r)
{
    if (!r)
        return;
    arena_free(r->a);
    free(r);
}
