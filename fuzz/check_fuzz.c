/*
 * The reporting check: any text against the English rules, and any bytes as a data file. Finds lie
 * inside the text, in its order, and never cut a letter.
 */
#include "domain/check.h"

#include "base/arena.h"
#include "base/str.h"
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

static const char rules_text[] =
    "{\"lang\":\"en\",\"endings\":{\"n\":[\"\",\"s\"],\"c\":{\"chain\":[\"lar\",\"y\"],\"most\":4}}"
    ","
    "\"sets\":{\"p\":[\"migrant+n\",\"asylum "
    "seeker+n\"]},\"laws\":[\"law\"],\"law_links\":[\"on\"],"
    "\"places\":[\"village\"],\"person\":[\"victim+n\"],\"figures\":[\"million+n\"],"
    "\"attributions\":[\"said\"],\"help\":[\"hotline\"],\"pictures\":[\"chain+n\"],"
    "\"captions\":[\"photo\"],\"rules\":[{\"id\":1,\"severity\":\"high\",\"label\":\"l\",\"avoid\":"
    "[\"illegal @p\",\"gul+c\",\"wave of _ @p\",\"an|the al*\"],\"near\":[\"victim+n\",\"@p\"],"
    "\"prefer\":[\"y\"],\"reason\":\"z\",\"sources\":[\"s\"]}]}";

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static struct check_rules *rules;
    struct arena *a = arena_new();
    struct check_rules *own = NULL;
    struct check_result to;
    struct str_pair cut = str_cut((str){(const char *)p, n}, '\0');
    struct check_in in = {cut.ok ? cut.tail : S(""), cut.head};

    CHECK(a);
    if (!rules)
        CHECK(check_rules_parse(str_c(rules_text), &rules) == 0);
    if (check_run(a, rules, &in, &to) == 0) {
        for (size_t i = 0; i < to.n; i++) {
            const struct check_find *f = &to.finds[i];

            CHECK(f->at + f->n <= in.body.n);
            CHECK(str_is_utf8(str_take(str_from(in.body, f->at), f->n)));
            CHECK(!i || !f->n || f->at >= to.finds[i - 1].at);
        }
    }
    if (check_rules_parse((str){(const char *)p, n}, &own) == 0)
        CHECK(check_rule_at(own, 0));
    check_rules_free(own);
    arena_free(a);
    return 0;
}
