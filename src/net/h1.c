#include "net/h1.h"

#include "base/err.h"
#include "base/str.h"

#include <string.h>

/* RFC 9110 5.6.2: token characters. */
static bool is_token_char(char c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
        return true;
    return c && strchr("!#$%&'*+-.^_`|~", c);
}

static bool is_token(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!is_token_char(s.p[i]))
            return false;
    }
    return s.n > 0;
}

/* RFC 9110 5.5: visible characters, blank, tab, and bytes above 127. */
static bool is_field_char(char c)
{
    return c == '\t' || ((unsigned char)c >= ' ' && c != 127);
}

int h1_head_end(const uint8_t *p, size_t n, size_t *at, size_t *ret_n)
{
    size_t most = n < MAX_HTTP_HEAD ? n : MAX_HTTP_HEAD;
    size_t i;

    for (i = *at; i < most; i++) {
        if (p[i] == '\r') {
            if (i + 1 == most)
                break; /* looked at again with its LF */
            if (p[i + 1] != '\n')
                return ERR_SYNTAX;
            continue;
        }
        if (p[i] < ' ' && p[i] != '\t' && p[i] != '\n')
            return ERR_SYNTAX; /* no text at all: TLS sent to a plain port, say */
        if (p[i] == '\n' && (i == 0 || p[i - 1] != '\r'))
            return ERR_SYNTAX;
        if (p[i] == '\n' && i >= 3 && p[i - 2] == '\n') {
            *ret_n = i + 1;
            return 0;
        }
    }
    if (n >= MAX_HTTP_HEAD)
        return ERR_TOO_BIG;
    *at = i;
    *ret_n = 0;
    return 0;
}

/* RFC 9112 3.2: origin-form, absolute-form, and the asterisk of OPTIONS. Authority-form is for
 * proxies, which we are not. */
int h1_target_parse(str method, str target, str *ret_path, str *ret_query)
{
    struct str_pair pair;

    for (size_t i = 0; i < target.n; i++) {
        if ((unsigned char)target.p[i] <= ' ' || (unsigned char)target.p[i] >= 127)
            return ERR_SYNTAX;
    }
    if (str_istarts(target, S("http://")) || str_istarts(target, S("https://"))) {
        str rest = str_from(target, (size_t)str_find(target, S("://")) + 3);
        ptrdiff_t slash = str_chr(rest, '/');

        target = slash < 0 ? S("/") : str_from(rest, (size_t)slash);
    } else if (str_eq(target, S("*"))) {
        *ret_path = target;
        return str_eq(method, S("OPTIONS")) ? 0 : ERR_SYNTAX;
    }
    if (!target.n || target.p[0] != '/')
        return ERR_SYNTAX;
    pair = str_cut(target, '?');
    *ret_path = pair.head;
    *ret_query = pair.tail;
    return 0;
}

static int parse_request_line(str line, struct h1_head *h)
{
    struct str_pair method = str_cut(line, ' ');
    struct str_pair target = str_cut(method.tail, ' ');
    str v = target.tail;
    int r;

    if (!is_token(method.head) || !target.ok)
        return ERR_SYNTAX;
    h->method = method.head;
    r = h1_target_parse(h->method, target.head, &h->path, &h->query);
    if (r < 0)
        return r;
    if (v.n != 8 || memcmp(v.p, "HTTP/", 5) != 0 || v.p[6] != '.' || v.p[5] < '0' || v.p[5] > '9' ||
        v.p[7] < '0' || v.p[7] > '9')
        return ERR_SYNTAX;
    if (v.p[5] != '1')
        return ERR_STATE; /* 505 */
    h->minor = v.p[7] > '0';
    return 0;
}

static int parse_field(str line, struct h1_head *h)
{
    struct str_pair pair = str_cut(line, ':');
    struct http_header *f;

    /* A blank before the colon and a folded line (RFC 9112 5.1, 5.2) both make a name that is no
     * token. */
    if (!pair.ok || !is_token(pair.head))
        return ERR_SYNTAX;
    for (size_t i = 0; i < pair.tail.n; i++) {
        if (!is_field_char(pair.tail.p[i]))
            return ERR_SYNTAX;
    }
    if (h->nheaders == MAX_HTTP_HEADERS)
        return ERR_TOO_BIG;
    f = &h->headers[h->nheaders++];
    f->name = pair.head;
    f->value = str_trim(pair.tail);
    return 0;
}

/* ret_value is unset when the field is absent; ERR_CONFLICT when it stands there twice. */
static int only_one(const struct h1_head *h, str name, str *ret_value)
{
    str found = {0};

    for (size_t i = 0; i < h->nheaders; i++) {
        if (!str_ieq(h->headers[i].name, name))
            continue;
        if (found.p)
            return ERR_CONFLICT;
        found = h->headers[i].value;
    }
    *ret_value = found;
    return 0;
}

/* RFC 9112 6.1, 6.3: chunked alone or a length alone. Everything else is somebody trying to be read
 * in two ways. */
static int find_framing(struct h1_head *h)
{
    str length = {0}, coding = {0};
    int r = only_one(h, S("content-length"), &length);

    if (r == 0)
        r = only_one(h, S("transfer-encoding"), &coding);
    if (r < 0)
        return ERR_SYNTAX;
    if (coding.p) {
        if (length.p || h->minor == 0)
            return ERR_SYNTAX;
        if (!str_ieq(coding, S("chunked")))
            return ERR_UNSUPPORTED; /* 501 */
        h->body = H1_CHUNKED;
        return 0;
    }
    if (!length.p)
        return 0;
    for (size_t i = 0; i < length.n; i++) {
        if (length.p[i] < '0' || length.p[i] > '9')
            return ERR_SYNTAX;
    }
    if (!length.n || length.n > 18)
        return length.n ? ERR_TOO_BIG : ERR_SYNTAX;
    r = str_u64(length, UINT64_MAX, &h->length);
    h->body = h->length ? H1_LENGTH : H1_NO_BODY;
    return r;
}

static bool list_has(const struct h1_head *h, str name, str item)
{
    for (size_t i = 0; i < h->nheaders; i++) {
        str rest = h->headers[i].value;

        if (!str_ieq(h->headers[i].name, name))
            continue;
        while (rest.n) {
            struct str_pair pair = str_cut(rest, ',');

            if (str_ieq(str_trim(pair.head), item))
                return true;
            rest = pair.tail;
        }
    }
    return false;
}

bool h1_host_is_good(str host)
{
    for (size_t i = 0; i < host.n; i++) {
        char c = host.p[i];

        if ((unsigned char)c <= ' ' || (unsigned char)c >= 127 || strchr("/?#@\\,", c))
            return false;
    }
    return host.p != NULL;
}

/* RFC 9112 3.2: a request of HTTP/1.1 names its host, once. */
static int find_host(struct h1_head *h)
{
    if (only_one(h, S("host"), &h->host) < 0 || (!h->host.p && h->minor > 0))
        return ERR_SYNTAX;
    return !h->host.p || h1_host_is_good(h->host) ? 0 : ERR_SYNTAX;
}

static int find_expectation(struct h1_head *h)
{
    str expect;

    if (only_one(h, S("expect"), &expect) < 0)
        return ERR_SYNTAX;
    if (expect.p && !str_ieq(expect, S("100-continue")))
        return ERR_RANGE; /* 417 */
    h->wants_continue = expect.p && h->minor > 0;
    return 0;
}

int h1_head_parse(str head, struct h1_head *ret_head)
{
    struct h1_head *h = ret_head;
    str line;
    int r;

    h->method = h->path = h->query = h->host = (str){0};
    h->nheaders = 0;
    h->body = H1_NO_BODY;
    h->length = 0;
    if (!str_line(&head, &line))
        return ERR_SYNTAX;
    r = parse_request_line(line, h);
    while (r == 0 && str_line(&head, &line) && line.n)
        r = parse_field(line, h);
    if (r == 0)
        r = find_host(h);
    if (r == 0)
        r = find_framing(h);
    if (r == 0)
        r = find_expectation(h);
    h->keep_alive = h->minor > 0 ? !list_has(h, S("connection"), S("close"))
                                 : list_has(h, S("connection"), S("keep-alive"));
    return r;
}

int h1_status(int err, bool in_body)
{
    switch (err) {
    case ERR_TOO_BIG:
        return in_body ? 413 : 431;
    case ERR_UNSUPPORTED:
        return 501;
    case ERR_STATE:
        return 505;
    case ERR_RANGE:
        return 417;
    default:
        return err == ERR_SYNTAX ? 400 : err_http_status(err);
    }
}

/*
 * RFC 9112 7.1, a byte at a time except inside the data:
 *
 *   SIZE ──';'──▶ EXT ──CR──▶ SIZE_LF ──LF──▶ DATA ──0 left──▶ DATA_CR ─▶ DATA_LF ─▶ SIZE
 *     └──────────────CR───────────┘   └ size 0 ▶ TRAILER ─▶ … empty line ▶ done
 */
enum chunk_state {
    SIZE,
    EXT,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER,
    TRAILER_TEXT,
    TRAILER_LF,
    LAST_LF
};

/* Seven hexadecimal digits already say 256 MB. Nobody honest sends long extensions or trailers. */
enum { MAX_SIZE_DIGITS = 7, MAX_EXT = 256, MAX_TRAILERS = 4096 };

void h1_body_init(struct h1_body *b, const struct h1_head *h)
{
    *b = (struct h1_body){.kind = h->body, .left = h->length, .state = SIZE};
    b->is_done = h->body == H1_NO_BODY;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int rx_size(struct h1_body *b, uint8_t c)
{
    int digit = hex_digit(c);

    if (digit >= 0) {
        if (++b->digits > MAX_SIZE_DIGITS)
            return ERR_TOO_BIG;
        b->left = b->left << 4 | (unsigned)digit;
        return SIZE;
    }
    if (!b->digits)
        return ERR_SYNTAX;
    if (c == '\r')
        return SIZE_LF;
    return c == ';' || c == ' ' || c == '\t' ? EXT : ERR_SYNTAX;
}

static int rx_text(struct h1_body *b, uint8_t c, size_t most, int here, int after)
{
    if (c == '\r')
        return after;
    if (!is_field_char((char)c))
        return ERR_SYNTAX;
    return ++b->line > most ? ERR_TOO_BIG : here;
}

static int rx_size_end(struct h1_body *b)
{
    b->digits = 0;
    b->line = 0;
    return b->left ? DATA : TRAILER;
}

/* The state after one byte of framing, or an error. */
static int rx_frame(struct h1_body *b, uint8_t c)
{
    switch (b->state) {
    case SIZE:
        return rx_size(b, c);
    case EXT:
        return rx_text(b, c, MAX_EXT, EXT, SIZE_LF);
    case SIZE_LF:
        return c == '\n' ? rx_size_end(b) : ERR_SYNTAX;
    case DATA_CR:
        return c == '\r' ? DATA_LF : ERR_SYNTAX;
    case DATA_LF:
        return c == '\n' ? SIZE : ERR_SYNTAX;
    case TRAILER:
        return rx_text(b, c, MAX_TRAILERS, TRAILER_TEXT, LAST_LF);
    case TRAILER_TEXT:
        return rx_text(b, c, MAX_TRAILERS, TRAILER_TEXT, TRAILER_LF);
    case TRAILER_LF:
        return c == '\n' ? TRAILER : ERR_SYNTAX;
    default:
        if (c != '\n')
            return ERR_SYNTAX;
        b->is_done = true;
        return LAST_LF;
    }
}

static size_t take_data(struct h1_body *b, const uint8_t *p, size_t n, str *ret_data)
{
    if (n > b->left)
        n = (size_t)b->left;
    b->left -= n;
    *ret_data = (str){(const char *)p, n};
    return n;
}

int h1_body_rx(struct h1_body *b, const uint8_t *p, size_t n, size_t *ret_used, str *ret_data)
{
    size_t used = 0;
    str data = {0};

    if (b->kind == H1_LENGTH) {
        used = take_data(b, p, n, &data);
        b->is_done = b->left == 0;
    }
    while (b->kind == H1_CHUNKED && !b->is_done && used < n) {
        int next;

        if (b->state == DATA) {
            used += take_data(b, p + used, n - used, &data);
            b->state = b->left ? DATA : DATA_CR;
            break;
        }
        next = rx_frame(b, p[used]);
        if (next < 0)
            return next;
        b->state = next;
        used++;
    }
    *ret_used = used;
    *ret_data = data;
    return 0;
}
