/*
 * Why a packet went no further: every reason has a name and a counter (sfu_drop_name, sfu_drops).
 * What comes has one fate (IN): taken, or one of these. What was offered to a viewer has one
 * (VIEWER): sent, waiting, or one of these. ASKED is of repeats, OURS of what we make ourselves.
 */
#ifndef MEDIA_DROP_H
#define MEDIA_DROP_H

/*   NAME           of what  text for people */
#define DROP_TABLE(DROP)                                                             \
    DROP(UNKNOWN,     IN,     "neither STUN, DTLS, RTP nor RTCP")                    \
    DROP(STUN_BAD,    IN,     "STUN that is not well formed or not a Binding")       \
    DROP(STUN_CLASS,  IN,     "STUN that asks nothing: a keep-alive, or an answer")  \
    DROP(STUN_USER,   IN,     "STUN for a name that we have not given")              \
    DROP(STUN_AUTH,   IN,     "STUN with a wrong password")                          \
    DROP(STUN_WAY,    IN,     "STUN by a way that the seminar's policy rules out")   \
    DROP(STUN_ROLE,   IN,     "STUN from one who is not controlling")                \
    DROP(STUN_ADDRS,  IN,     "STUN from more addresses than are known at once")     \
    DROP(STUN_TAKEN,  IN,     "STUN from where another peer was heard just now")     \
    DROP(ADDRESS,     IN,     "from an address that ICE has not validated")          \
    DROP(KEYS,        IN,     "media before its keys are agreed on")                 \
    DROP(DTLS,        IN,     "DTLS that has failed")                                \
    DROP(RTP_BAD,     IN,     "RTP that is not well formed")                         \
    DROP(RTP_DOWN,    IN,     "RTP from a viewer")                                   \
    DROP(RTP_TRACK,   IN,     "RTP of no track that was offered")                    \
    DROP(RTP_TYPE,    IN,     "RTP with a payload type that was not agreed on")      \
    DROP(RTP_AUTH,    IN,     "RTP whose tag does not fit")                          \
    DROP(RTP_REPLAY,  IN,     "RTP seen before")                                     \
    DROP(RTP_OLD,     IN,     "RTP older than all that is kept")                     \
    DROP(RTP_PAYLOAD, IN,     "RTP whose payload is not well formed")                \
    DROP(RTP_RATE,    IN,     "RTP of a publisher that sends more than one may")     \
    DROP(RTX_EMPTY,   IN,     "a repeat with nothing in it: a publisher's probe")    \
    DROP(RTCP_BAD,    IN,     "RTCP that is not well formed")                        \
    DROP(RTCP_AUTH,   IN,     "RTCP whose tag does not fit or that was seen before") \
    DROP(BEFORE_KEY,  VIEWER, "of a source whose key frame has not come")            \
    DROP(LATE,        VIEWER, "before a slot began to show its source")              \
    DROP(LEFT_OUT,    VIEWER, "of more frames a second than the viewer gets")        \
    DROP(PADDING,     VIEWER, "a publisher's padding")                               \
    DROP(WAIT_OLD,    VIEWER, "waited too long for a slow line")                     \
    DROP(WAIT_FULL,   VIEWER, "more waits for a slow line than fits")                \
    DROP(WAIT_GONE,   VIEWER, "no longer wanted when the line was free")             \
    DROP(WAIT_SIZE,   VIEWER, "waited when the line stopped carrying its size")      \
    DROP(WAIT_LEFT,   VIEWER, "waited when its source or its viewer left")           \
    DROP(RTCP_PART,   ASKED,  "a part of RTCP that is not well formed")              \
    DROP(RTCP_MUCH,   ASKED,  "a part of RTCP behind more than is remembered")       \
    DROP(RTCP_SSRC,   ASKED,  "RTCP for nothing that we send")                       \
    DROP(NACK_GONE,   ASKED,  "asked for again, and no longer kept")                 \
    DROP(NACK_SOON,   ASKED,  "asked for again within a round trip")                 \
    DROP(NACK_OFTEN,  ASKED,  "asked for again too often")                           \
    DROP(NACK_MANY,   ASKED,  "more asked for again than one viewer gets")           \
    DROP(NACK_PLAIN,  ASKED,  "asked for again by a viewer without RTX")             \
    DROP(AGAIN_OLD,   ASKED,  "a repeat of what the line no longer carries")         \
    DROP(AGAIN_FULL,  ASKED,  "a repeat, with no place for it")                      \
    DROP(RING_GONE,   OURS,   "overwritten before its turn")                         \
    DROP(POOL,        OURS,   "no packet free")                                      \
    DROP(PROTECT,     OURS,   "could not be encrypted")                              \
    DROP(PROBE_FULL,  OURS,   "a probe, with no place for it")                       \
    DROP(RTCP_LONG,   OURS,   "RTCP longer than a datagram")

enum drop {
#define DROP(name, of, text) DROP_##name,
    DROP_TABLE(DROP)
#undef DROP
    DROP_COUNT,
    DROP_NONE = DROP_COUNT /* not refused */
};

enum drop_of { DROP_OF_IN, DROP_OF_VIEWER, DROP_OF_ASKED, DROP_OF_OURS };

#endif
