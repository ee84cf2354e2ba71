#include "transport.h"

#include "base/wr.h"
#include "client.h"
#include "media/rtp.h"

/* SPREAD: a prime, far from all parts of the period: neighbours are 37 ms apart. */
enum { FEEDBACK_ROOM = 1400, SPREAD = 37003 };

void transport_init(struct transport *t, uint8_t id, uint32_t ssrc)
{
    *t = (struct transport){.id = id, .ssrc = ssrc};
    twcc_init(&t->twcc);
}

void transport_note(struct transport *t, const struct rtp *r, usec at)
{
    struct rtp_ext_ids ids = {{[RTP_EXT_TWCC] = t->id}};
    struct rtp_exts e;

    if (!t->id)
        return;
    rtp_exts_parse(r, &ids, &e);
    if (!e.has_twcc)
        return;
    t->media_ssrc = r->ssrc;
    twcc_add(&t->twcc, e.twcc, at);
}

/* Alone in its datagram, as Chromium sends it where a=rtcp-rsize allows (RFC 5506). */
void transport_tell(struct transport *t, struct client *c, usec now)
{
    uint8_t buf[FEEDBACK_ROOM];
    bool is_more = t->id != 0;

    while (is_more) {
        struct wr w = wr_init(buf, sizeof(buf));

        is_more = twcc_write(&t->twcc, &w, t->ssrc, t->media_ssrc, now);
        if (is_more && !w.err) {
            client_tx_rtcp(c, buf, wr_len(&w));
            t->told++;
        }
    }
}

usec transport_due(unsigned i, usec now)
{
    usec phase = (usec)i * SPREAD % TRANSPORT_PERIOD;

    return now - (now - phase) % TRANSPORT_PERIOD + TRANSPORT_PERIOD;
}
