#include "net/reply.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "net/gzip.h"
#include "net/http.h"
#include "net/source.h"

#include <stdio.h>
#include <time.h>

enum { GZIP_FROM = 1024 }; /* below it an answer fits into one packet anyway */

void http_date(usec wall, char to[static HTTP_DATE])
{
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    time_t t = (time_t)(wall / USEC_S);
    struct tm tm;

    /* strftime would write the names in the language of the process. */
    gmtime_r(&t, &tm);
    snprintf(to, HTTP_DATE, "%.3s, %02u %.3s %04u %02u:%02u:%02u GMT", days + 3 * tm.tm_wday,
             (unsigned)tm.tm_mday % 100, months + 3 * tm.tm_mon,
             (unsigned)(tm.tm_year + 1900) % 10000, (unsigned)tm.tm_hour % 100,
             (unsigned)tm.tm_min % 100, (unsigned)tm.tm_sec % 100);
}

const char *http_reason(int status)
{
    static const struct {
        int status;
        const char *text;
    } reasons[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {206, "Partial Content"},
        {301, "Moved Permanently"},
        {302, "Found"},
        {303, "See Other"},
        {304, "Not Modified"},
        {307, "Temporary Redirect"},
        {308, "Permanent Redirect"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {411, "Length Required"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {416, "Range Not Satisfiable"},
        {417, "Expectation Failed"},
        {422, "Unprocessable Content"},
        {426, "Upgrade Required"},
        {428, "Precondition Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {503, "Service Unavailable"},
        {505, "HTTP Version Not Supported"},
        {507, "Insufficient Storage"},
    };

    for (size_t i = 0; i < NELEM(reasons); i++) {
        if (reasons[i].status == status)
            return reasons[i].text;
    }
    return "Unknown";
}

static str out_header(const struct exchange *x, str name)
{
    for (size_t i = 0; i < x->nout; i++) {
        if (str_ieq(x->out[i].name, name))
            return x->out[i].value;
    }
    return (str){0};
}

static void add_vary(struct exchange *x)
{
    str have = out_header(x, S("vary"));
    str both =
        have.p ? arena_printf(x->arena, "%.*s, Accept-Encoding", STR(have)) : S("Accept-Encoding");

    http_set(x, S("Vary"), both);
}

/* Packed bytes are not the bytes that a strong tag stands for (RFC 9110 8.8.1). */
static void set_encoding(struct exchange *x, str encoding)
{
    str etag = out_header(x, S("etag"));

    http_set(x, S("Content-Encoding"), encoding);
    if (etag.p && !str_starts(etag, S("W/")))
        http_set(x, S("ETag"), arena_printf(x->arena, "W/%.*s", STR(etag)));
}

static bool is_packable(str type)
{
    return str_istarts(type, S("text/")) || str_istarts(type, S("application/json")) ||
           str_istarts(type, S("application/javascript")) ||
           str_ends(str_cut(type, ';').head, S("+xml")) ||
           str_ends(str_cut(type, ';').head, S("+json"));
}

static str pack_reply(struct exchange *x, struct gzip *g)
{
    str body = sb_str(&x->reply);
    str packed;

    if (!g || body.n < GZIP_FROM || !is_packable(x->type) || out_header(x, S("content-encoding")).p)
        return body;
    add_vary(x);
    if (!http_accepts_encoding(x, S("gzip")) || gzip_text(g, x->arena, body, &packed) < 0)
        return body;
    set_encoding(x, S("gzip"));
    return packed;
}

/* "a-b", "a-", "-n" of RFC 9110 14.1.2. 0, ERR_SYNTAX (to be ignored) or ERR_RANGE (416). */
static int parse_range(str s, size_t total, size_t *ret_from, size_t *ret_n)
{
    struct str_pair pair = str_cut(s, '-');
    uint64_t from = 0, to = UINT64_MAX;

    if (!pair.ok || (!pair.head.n && !pair.tail.n))
        return ERR_SYNTAX;
    if ((pair.head.n && str_u64(pair.head, UINT64_MAX, &from) < 0) ||
        (pair.tail.n && str_u64(pair.tail, UINT64_MAX, &to) < 0))
        return ERR_SYNTAX;
    if (!pair.head.n) { /* the last `to` bytes */
        if (!to || !total)
            return ERR_RANGE;
        from = to < total ? total - to : 0;
        to = total - 1;
    }
    if (from > to)
        return ERR_SYNTAX;
    if (from >= total)
        return ERR_RANGE;
    *ret_from = (size_t)from;
    *ret_n = (size_t)((to < total - 1 ? to : total - 1) - from + 1);
    return 0;
}

/* Several ranges at once, other units and a changed entity get the whole, as RFC 9110 14.2 lets a
 * server choose. */
static bool wants_range(const struct exchange *x, str *ret_range)
{
    str range = http_header(x, S("range"));
    str condition = http_header(x, S("if-range"));

    if (x->status != 200 || x->is_head || !str_istarts(range, S("bytes=")) ||
        str_chr(range, ',') >= 0)
        return false;
    if (condition.p &&
        (str_starts(condition, S("W/")) || !str_eq(condition, out_header(x, S("etag")))))
        return false;
    *ret_range = str_trim(str_from(range, 6));
    return true;
}

/* Which of `total` bytes are sent: all, unless status and headers now say otherwise. */
static void choose_range(struct exchange *x, str range, size_t total, size_t *io_from, size_t *io_n)
{
    int r = parse_range(range, total, io_from, io_n);

    if (r == ERR_SYNTAX)
        return;
    if (r == ERR_RANGE) {
        x->status = 416;
        http_set(x, S("Content-Range"), arena_printf(x->arena, "bytes */%zu", total));
        *io_n = 0;
        return;
    }
    x->status = 206;
    http_set(x, S("Content-Range"),
             arena_printf(x->arena, "bytes %zu-%zu/%zu", *io_from, *io_from + *io_n - 1, total));
}

static str cut_range(struct exchange *x, str range, str body)
{
    size_t from = 0, n = body.n;

    choose_range(x, range, body.n, &from, &n);
    return str_take(str_from(body, from), n);
}

/* The first piece; the rest comes by reply_next. */
static str choose_source(struct exchange *x)
{
    struct http_source *s = x->source;
    size_t from = 0, n = s->size;
    str range, piece = S("");

    http_set(x, S("Accept-Ranges"), S("bytes"));
    if (wants_range(x, &range))
        choose_range(x, range, s->size, &from, &n);
    s->at = from;
    s->end = from + n;
    if (!x->is_head && reply_next(x, &piece) < 0)
        x->is_broken = true;
    return piece;
}

static str choose_shared(struct exchange *x)
{
    const struct http_shared *s = x->shared;
    str range;

    http_set(x, S("Accept-Ranges"), S("bytes"));
    if (s->gzip.p || s->br.p)
        add_vary(x);
    if (wants_range(x, &range))
        return cut_range(x, range, s->plain);
    if (s->br.p && http_accepts_encoding(x, S("br"))) {
        set_encoding(x, S("br"));
        return s->br;
    }
    if (s->gzip.p && http_accepts_encoding(x, S("gzip"))) {
        set_encoding(x, S("gzip"));
        return s->gzip;
    }
    return s->plain;
}

static bool has_no_body(int status)
{
    return status < 200 || status == 204 || status == 304;
}

static bool is_unchanged(const struct exchange *x)
{
    str etag = out_header(x, S("etag"));

    return x->status == 200 && etag.p && (x->is_head || str_eq(x->method, S("GET"))) &&
           http_etag_matches(x, etag);
}

static str choose_body(struct exchange *x, struct gzip *g)
{
    /* Before packing, which may do without. */
    bool is_short = x->reply.err || arena_is_short(x->arena);
    str body = {0};

    if (is_unchanged(x))
        x->status = 304;
    if (x->source)
        body = has_no_body(x->status) ? S("") : choose_source(x);
    else if (!has_no_body(x->status))
        body = x->shared ? choose_shared(x) : pack_reply(x, g);
    else if (x->shared ? x->shared->gzip.p || x->shared->br.p : x->reply.n >= GZIP_FROM)
        add_vary(x); /* a 304 says the Vary that the 200 would say */
    if (!x->is_broken && !is_short)
        return body;
    /* Half a page is worse than none. */
    x->source = NULL;
    x->status = 500;
    x->nout = 0;
    x->type = S("text/plain; charset=utf-8");
    return S("500 Internal Server Error\n");
}

static void add_field(struct sb *b, str name, str value)
{
    sb_add(b, name);
    sb_add(b, S(": "));
    sb_add(b, value);
    sb_add(b, S("\r\n"));
}

/* Without printf, which alone cost a tenth of an answer. */
static void add_status(struct sb *b, int status)
{
    char digits[] = {(char)('0' + status / 100 % 10), (char)('0' + status / 10 % 10),
                     (char)('0' + status % 10)};

    sb_add(b, S("HTTP/1.1 "));
    sb_add(b, (str){digits, sizeof(digits)});
    sb_char(b, ' ');
    sb_c(b, http_reason(status));
    sb_add(b, S("\r\n"));
}

static void add_length(struct sb *b, size_t n)
{
    char digits[24];
    size_t at = sizeof(digits);

    do
        digits[--at] = (char)('0' + n % 10);
    while (n /= 10);
    add_field(b, S("Content-Length"), (str){digits + at, sizeof(digits) - at});
}

static void write_head(const struct exchange *x, const struct reply_conf *c, size_t nbody,
                       struct sb *b)
{
    add_status(b, x->status);
    if (c->date.p)
        add_field(b, S("Date"), c->date);
    for (size_t i = 0; i < x->nout; i++)
        add_field(b, x->out[i].name, x->out[i].value);
    if (nbody != REPLY_NO_BODY) {
        if (x->type.p)
            add_field(b, S("Content-Type"), x->type);
        add_length(b, nbody);
    }
    if (!c->keep_alive)
        sb_add(b, S("Connection: close\r\n"));
    else if (c->is_http10)
        sb_add(b, S("Connection: keep-alive\r\n"));
    sb_add(b, S("\r\n"));
}

/* Bytes that are still to be read. */
static size_t left_of(const struct http_source *s)
{
    return s ? (size_t)(s->end - s->at) : 0;
}

size_t reply_choose(struct exchange *x, struct gzip *g, str *ret_body)
{
    str body = choose_body(x, g);
    size_t n = body.n + left_of(x->source);

    if (x->is_head && x->source)
        x->source->at = x->source->end;
    *ret_body = x->is_head || has_no_body(x->status) ? S("") : body;
    return has_no_body(x->status) ? REPLY_NO_BODY : n;
}

bool reply_is_over(const struct exchange *x)
{
    return !left_of(x->source);
}

int reply_next(struct exchange *x, str *ret_piece)
{
    struct http_source *s = x->source;
    size_t room = left_of(s) < HTTP_PIECE ? left_of(s) : HTTP_PIECE, n = 0;
    int r;

    *ret_piece = S("");
    if (!room)
        return 0;
    if (!s->piece)
        s->piece = arena_alloc(x->arena, HTTP_PIECE);
    if (!s->piece)
        return ERR_MEM;
    r = s->read(x, s->at, s->piece, room, &n);
    if (r == 0 && (!n || n > room))
        r = ERR_IO;
    if (r < 0)
        return r;
    s->at += n;
    *ret_piece = (str){s->piece, n};
    return 0;
}

int reply_make(struct exchange *x, const struct reply_conf *c, struct reply *ret_reply)
{
    struct sb head = sb_init(x->arena, 0);
    size_t length = reply_choose(x, c->gzip, &ret_reply->body);

    write_head(x, c, length, &head);
    if (head.err)
        return ERR_MEM;
    ret_reply->head = sb_str(&head);
    return 0;
}
