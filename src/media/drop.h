/*
 * Why a packet was refused: every reason has a name and a counter (sfu_drop_name, sfu_drops).
 */
#ifndef MEDIA_DROP_H
#define MEDIA_DROP_H

/*   NAME           text for people */
#define DROP_TABLE(DROP)                                                         \
    DROP(UNKNOWN,       "neither STUN, DTLS, RTP nor RTCP")                      \
    DROP(STUN_BAD,      "STUN that is not well formed or not a Binding")         \
    DROP(STUN_USER,     "STUN for a name that we have not given")                \
    DROP(STUN_AUTH,     "STUN with a wrong password")                            \
    DROP(STUN_WAY,      "STUN by a way that the seminar's policy rules out")     \
    DROP(STUN_ROLE,     "STUN from one who is not controlling")                  \
    DROP(STUN_ADDRS,    "STUN from more addresses than a peer may have")         \
    DROP(STUN_TAKEN,    "STUN from where another peer was heard just now")       \
    DROP(ADDRESS,       "from an address that ICE has not validated")            \
    DROP(KEYS,          "media before its keys are agreed on")                   \
    DROP(DTLS,          "DTLS that has failed")                                  \
    DROP(RTP_BAD,       "RTP that is not well formed")                           \
    DROP(RTP_DOWN,      "RTP from a viewer")                                     \
    DROP(RTP_TRACK,     "RTP of no track that was offered")                      \
    DROP(RTP_TYPE,      "RTP with a payload type that was not agreed on")        \
    DROP(RTP_AUTH,      "RTP whose tag does not fit")                            \
    DROP(RTP_REPLAY,    "RTP seen before")                                       \
    DROP(RTP_OLD,       "RTP older than all that is kept")                       \
    DROP(RTP_PAYLOAD,   "RTP whose payload is not well formed")                  \
    DROP(RTCP_BAD,      "RTCP that is not well formed")                          \
    DROP(RTCP_AUTH,     "RTCP whose tag does not fit or that was seen before")   \
    DROP(BEFORE_KEY,    "of a source whose key frame has not come (per viewer)") \
    DROP(LATE,          "before a slot began to show its source (per viewer)")   \
    DROP(WAIT_OLD,      "waited too long for a slow line (per viewer)")          \
    DROP(WAIT_FULL,     "more waits for a slow line than fits (per viewer)")     \
    DROP(WAIT_GONE,     "no longer wanted when the line was free (per viewer)")  \
    DROP(POOL,          "no packet free")                                        \
    DROP(PROTECT,       "could not be encrypted (per viewer)")                   \
    DROP(NACK_GONE,     "asked for again, and no longer kept")                   \
    DROP(NACK_SOON,     "asked for again within a round trip")                   \
    DROP(NACK_OFTEN,    "asked for again too often")                             \
    DROP(NACK_MANY,     "more asked for again than one viewer gets")             \
    DROP(NACK_PLAIN,    "asked for again by a viewer without RTX")

enum drop {
#define DROP(name, text) DROP_##name,
    DROP_TABLE(DROP)
#undef DROP
    DROP_COUNT,
    DROP_NONE = DROP_COUNT /* not refused */
};

#endif
