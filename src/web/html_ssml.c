#include "web/html_ssml.h"

#include "base/sb.h"

void html_ssml_begin(struct sb *to)
{
    sb_c(to, "<speak>\n");
}

void html_ssml_add(struct sb *to, str spoken, unsigned pause_ms)
{
    if (!spoken.n)
        return;
    sb_c(to, "<p>");
    sb_html(to, spoken);
    sb_printf(to, "</p><break time=\"%ums\"/>\n", pause_ms);
}

void html_ssml_end(struct sb *to)
{
    sb_c(to, "</speak>\n");
}
