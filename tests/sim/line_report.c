#include "sim/check.h"
#include "sim/line.h"

#include <stdio.h>
#include <string.h>

/*
 * Writes the table of simulated lines, and the picture of one of them:
 *
 *     line_report > table.md        line_report --picture > docs/img/line.svg
 */

enum { WIDTH = 760, HEIGHT = 170, LEFT = 60, TOP = 34, PITCH = 230, SEED = 1 };

static double missing(unsigned n, unsigned of)
{
    return n < of ? 100 - 100.0 * n / of : 0;
}

static void table(void)
{
    puts("| line | came, kbit/s | used of what fits | queue, 95 % below, ms "
         "| audio lost before RED | concealed after RED | longest audio gap, ms | frames shown "
         "| longest freeze, ms | picture back after, ms |\n"
         "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    for (const struct line *l = lines; l->name; l++) {
        struct line_result r;
        bool is_limited = l->stages[0].rate_bps > 0;

        line_run(l, SEED, 0, &r);
        printf("| %s | %lld | ", l->name, (long long)r.came_bps / 1000);
        if (is_limited)
            printf("%.0f %% | %lld | ", r.used_of_possible * 100, (long long)r.waited_95 / USEC_MS);
        else
            printf("– | – | ");
        printf("%.1f %% | %.1f %% | %lld | %.1f %% | %lld | ",
               missing(r.voices_came, r.voices_sent), missing(r.voices, r.voices_sent),
               (long long)r.gap / USEC_MS, 100 - missing(r.frames, r.frames_sent),
               (long long)r.freeze / USEC_MS);
        if (!l->stages[1].length)
            puts("– |");
        else if (r.recovered < 0)
            puts("not within the stage |");
        else
            printf("%lld |\n", (long long)r.recovered / USEC_MS);
    }
}

static int64_t value(const struct line_sample *s, int what)
{
    return what == 0   ? s->capacity_bps / 1000
           : what == 1 ? s->came_bps / 1000
                       : s->waited / USEC_MS;
}

static void curve(const struct line_result *r, int what, int panel, int64_t most, const char *class)
{
    printf("<polyline class=\"%s\" points=\"", class);
    for (unsigned i = 0; i < r->nsamples; i++) {
        int64_t v = value(&r->samples[i], what);

        v = v > most ? most : v;
        printf("%u,%lld ", LEFT + i * (WIDTH - LEFT - 20) / r->nsamples,
               (long long)(TOP + panel * PITCH + HEIGHT - v * HEIGHT / most));
    }
    puts("\"/>");
}

static void axis(int panel, int64_t most, const char *title)
{
    int y = TOP + panel * PITCH;

    printf("<text x=\"%d\" y=\"%d\" class=\"title\">%s</text>\n", LEFT, y - 12, title);
    for (int i = 0; i <= 4; i++) {
        int at = y + HEIGHT - i * HEIGHT / 4;

        printf("<path class=\"grid\" d=\"M%d %dH%d\"/><text x=\"%d\" y=\"%d\" "
               "text-anchor=\"end\">%lld</text>\n",
               LEFT, at, WIDTH - 20, LEFT - 8, at + 4, (long long)most * i / 4);
    }
}

static void seconds(const struct line_result *r, int panel)
{
    for (unsigned i = 0; i < r->nsamples; i += 30)
        printf("<text x=\"%u\" y=\"%d\" text-anchor=\"middle\">%u s</text>\n",
               LEFT + i * (WIDTH - LEFT - 20) / r->nsamples, TOP + panel * PITCH + HEIGHT + 18,
               i / 2);
}

static void picture(void)
{
    const struct line *l = line_of_picture();
    struct line_result r;

    line_run(l, SEED, 0, &r);
    printf("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" "
           "aria-label=\"A line of changing rate: what it carries, and how long datagrams wait\">\n"
           "<style>text{font:12px sans-serif;fill:#333}.title{font-weight:bold}"
           ".grid{stroke:#ddd}polyline{fill:none;stroke-width:2}.line{stroke:#999}"
           ".came{stroke:#06c}.wait{stroke:#b40}</style>\n<rect width=\"100%%\" height=\"100%%\" "
           "fill=\"#fff\"/>\n",
           WIDTH, TOP + 2 * PITCH);
    axis(0, 2000, "kbit/s: capacity of the line (grey), what came through (blue)");
    curve(&r, 0, 0, 2000, "line");
    curve(&r, 1, 0, 2000, "came");
    seconds(&r, 0);
    axis(1, 600, "longest wait in the line's queue, ms");
    curve(&r, 2, 1, 600, "wait");
    seconds(&r, 1);
    puts("</svg>");
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--picture") == 0)
        picture();
    else
        table();
    return 0;
}
