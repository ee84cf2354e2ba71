#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/certificate_i.h"
#include "domain/json_in.h"

enum { MAX_PRINTED = 16384 };

static const char *const name_words[] = {"record", "holder", "organiser", "pseudonym", "erased"};

const char *certificate_name_by(int name_by)
{
    return name_words[name_by >= 0 && name_by < (int)NELEM(name_words) ? name_by : 0];
}

int certificate_name_check(str name)
{
    name = str_trim(name);
    if (!name.n)
        return ERR_RANGE;
    if (name.n > MAX_SHOWN_BYTES)
        return ERR_TOO_BIG;
    return str_is_utf8(name) ? 0 : ERR_ENCODING;
}

static void add(struct sb *b, const char *key, str value)
{
    sb_printf(b, "\"%s\":", key);
    sb_json(b, value.p ? value : S(""));
    sb_c(b, ",");
}

int certificate_print_write(struct arena *a, const struct certificate_print *p, str *ret_json)
{
    struct sb b = sb_init(a, MAX_PRINTED);
    str json;

    sb_c(&b, "{");
    add(&b, "name", p->name);
    add(&b, "name_by", str_c(certificate_name_by(p->name_by)));
    add(&b, "organisation", p->org);
    add(&b, "seminar", p->title);
    add(&b, "programme", p->programme);
    add(&b, "convener", p->convener);
    add(&b, "donor", p->donor);
    add(&b, "zone", p->zone);
    sb_printf(&b,
              "\"held_at\":%lld,\"minutes\":%d,\"present\":%d,\"share\":%d,\"percent\":%d,\"post_"
              "test\":%s,"
              "\"sample\":%s}",
              (long long)p->held_at, p->minutes, p->present, p->share, p->percent,
              p->has_post ? "true" : "false", p->is_sample ? "true" : "false");
    json = sb_str(&b);
    if (!json.p)
        return ERR_MEM;
    *ret_json = json;
    return 0;
}

static str keep(struct arena *a, const json_t *o, const char *key)
{
    str s = json_in_text(o, key);

    return arena_str(a, s.p ? s : S(""));
}

static int number(const json_t *o, const char *key)
{
    return (int)json_integer_value(json_object_get(o, key));
}

int certificate_print_parse(struct arena *a, str json, struct certificate_print *ret_print)
{
    char fault[JSON_IN_FAULT];
    json_t *o = NULL;
    str by;
    int r = json_in_parse(json, MAX_PRINTED, &o, fault);

    if (r < 0)
        return r;
    *ret_print = (struct certificate_print){
        .name = keep(a, o, "name"),
        .org = keep(a, o, "organisation"),
        .title = keep(a, o, "seminar"),
        .programme = keep(a, o, "programme"),
        .convener = keep(a, o, "convener"),
        .donor = keep(a, o, "donor"),
        .held_at = json_integer_value(json_object_get(o, "held_at")),
        .zone = keep(a, o, "zone"),
        .minutes = number(o, "minutes"),
        .present = number(o, "present"),
        .share = number(o, "share"),
        .percent = number(o, "percent"),
        .has_post = json_is_true(json_object_get(o, "post_test")),
        .is_sample = json_is_true(json_object_get(o, "sample")),
    };
    by = json_in_text(o, "name_by");
    for (size_t i = 0; i < NELEM(name_words); i++)
        if (str_eq(by, str_c(name_words[i])))
            ret_print->name_by = (int)i;
    json_decref(o);
    return 0;
}
