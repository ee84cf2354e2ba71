/*
 * Every limit of the house with its reason. `kengesh limits` prints this table; nothing is
 * unbounded.
 * LIMIT(NAME, value, "reason")
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#define LIMIT_TABLE(LIMIT)                                                                         \
    /* memory */                                                                                   \
    LIMIT(MAX_ARENA_BYTES, 16u << 20,                                                              \
          "one request; the largest page shows 500 people at about 1 kB each")                     \
    LIMIT(MAX_LOG_LINE, 2048, "one line in one write(2), so lines of two threads never mix")       \
    LIMIT(MAX_CONFIG, 65536, "the configuration file; every setting with a remark takes 3 kB")     \
    LIMIT(MAX_QUEUE_MSGS, 4096, "messages waiting for one thread; 500 people doing 8 things each") \
    /* http */                                                                                     \
    LIMIT(MAX_HTTP_HEAD, 16384, "request line and headers; browsers send under 2 kB, 8 is usual")  \
    LIMIT(MAX_HTTP_HEADERS, 64, "headers of one request; browsers send about 20")                  \
    LIMIT(MAX_HTTP_BODY, 8u << 20, "a file or an article: a picture as a camera makes it")         \
    LIMIT(MAX_HTTP_DECK, 40u << 20, "a file of slides: forty photographs of 1 MB")                 \
    LIMIT(MAX_HTTP_STRANGER, 2u << 20, "from who has no session: a sheet of MAX_SHEET_BYTES")      \
    LIMIT(MAX_HTTP_CONNS, 12000, "10,000 idle readers behind carrier NAT and room to spare")       \
    LIMIT(MAX_HTTP_BODIES, 96u << 20, "bodies of a web thread that arrive: two files of slides")   \
    LIMIT(MAX_HTTP_SMALL_BODIES, 8u << 20, "of them for forms alone, whatever files arrive")       \
    LIMIT(MAX_HTTP_HEAD_S, 10, "seconds for a whole head; 16 kB at 16 kbit/s take 8")              \
    LIMIT(MAX_HTTP_STALL_S, 20, "seconds in which a body must bring 4 kB or end")                  \
    LIMIT(MAX_HTTP_IDLE_S, 60, "seconds between requests, or without progress of an answer")       \
    LIMIT(MAX_HTTP_LINGER_S, 2, "seconds for the last answer to be read after we refused a body")  \
    LIMIT(MAX_H2_STREAMS, 100, "requests of one connection at once; RFC 9113 5.1.2: no less")      \
    LIMIT(MAX_HTTP_UNREAD, 256u << 20, "unread answers of a web thread; 500 slides of 400 kB")     \
    LIMIT(MAX_H2_UNREAD, 1u << 20, "of one connection; a minute at 128 kbit/s. More requests wait")\
    LIMIT(MAX_H2_ANSWERS, 8, "unread beside it: a paused reading aloud holds up no page")          \
    LIMIT(MAX_H2_RESETS, 200, "streams given up in 10 s; leaving a page of 100 pictures twice")    \
    LIMIT(MAX_H2_NOISE, 1000, "pings, settings, empty frames in 10 s; browsers send one a second") \
    LIMIT(MAX_FORM_FIELDS, 256, "the largest form: a seminar in 3 languages, 8 agenda lines")      \
    LIMIT(MAX_WS_MESSAGE, 16384, "one control message; an SDP travels by HTTP, not here")          \
    LIMIT(MAX_WS_QUEUE, 256u << 10,                                                                \
          "bytes waiting for one slow control connection before it is cut")                        \
    LIMIT(MAX_WS_QUEUE_MSGS, 4096, "messages waiting for it; pongs are short")                     \
    LIMIT(MAX_LOOP_TIMERS, 1 << 18, "two for each connection; WebSockets of MAX_ROOMS full rooms") \
    LIMIT(MAX_UDP_BATCH, 64,                                                                       \
          "datagrams of one recvmmsg or sendmmsg; beyond it a call costs no less per packet")      \
    /* room */                                                                                     \
    LIMIT(MAX_ROOMS, 64, "seminars on air at once on one machine")                                 \
    LIMIT(MAX_HALLS, 16, "media threads; one carries a room of MAX_ROOM_PEERS and more")           \
    LIMIT(MAX_ROOM_PEERS, 1200, "1,000 listeners as docs/performance.md has them, and reconnects") \
    LIMIT(MAX_ROOM_PERSON, 8, "pages of one person: three devices, and lost ones, kept for 60 s")  \
    LIMIT(MAX_PEERS, 2048, "peers of all rooms on one media thread")                               \
    LIMIT(MAX_SDP_BYTES, 65536, "Chromium's offer for 9 video and 4 audio lines is about 30 kB")   \
    LIMIT(MAX_SDP_MEDIA, 24, "A0-A3, V0-V8, an application line and room for a browser's extras")  \
    LIMIT(MAX_UP_TRACKS, 10, "microphone, camera and screen in four sizes each, and a spare")      \
    LIMIT(MAX_DOWN_SLOTS, 16, "A0-A3 and V0-V8")                                                   \
    LIMIT(MAX_UP_BYTES_S, 1000000, "of one publisher: 8 Mbit/s, twice what OBS sends at 1080p")    \
    LIMIT(MAX_VOICE_BYTES_S, 64000, "of one voice: the most that Opus has, 510 kbit/s")            \
    LIMIT(MAX_CHAT_BYTES, 1000, "one chat message; 500 letters of Cyrillic")                       \
    LIMIT(MAX_SHOWN_BYTES, 120, "a name or organisation as the room shows it; longer ones are cut")\
    LIMIT(MAX_LINKS, 4096, "streams with media: two of each of MAX_PEERS; numbers have 12 bits")   \
    LIMIT(MAX_LINK_PACKETS, 128, "waiting for one stream: a second of three voices, a key frame")  \
    LIMIT(MAX_LINKS_PACKETS, 16384, "waiting for all streams: a quarter of the packet pool")       \
    LIMIT(MAX_LINK_FEW, 4, "packets that may wait for any stream: another quarter of the pool")    \
    LIMIT(MAX_LINK_STRANGE, 8, "messages of who has not proved who he is; TURN needs two")         \
    LIMIT(MAX_LINK_UNKNOWN_S, 10, "seconds to prove it; a handshake on a slow line takes three")   \
    LIMIT(MAX_LINK_IDLE_S, 60, "seconds without a byte from the other end; ICE asks every 5 s")    \
    LIMIT(MAX_TURN, 4096, "allocations; one for each of MAX_LINKS, and their number has 12 bits")  \
    LIMIT(MAX_TURN_USER, 24,                                                                       \
          "of one person: two connections on two devices, each by three ways and two interfaces")  \
    LIMIT(MAX_TURN_BYTES_S, 500000,                                                                \
          "bytes a second that one allocation may bring: two cameras at their best")               \
    LIMIT(MAX_TURN_ASKED_S, 200,                                                                   \
          "answers a second to UDP without credentials: a door that can be knocked at, no echo")   \
    LIMIT(MAX_DECKS, 16, "files of slides of one seminar; eight talks, each mended once")          \
    LIMIT(MAX_SLIDES, 200, "pages of one file; a lecture of two hours has 80")                     \
    LIMIT(MAX_SLIDE_TEXT, 8000, "words of one slide; a page full of small print has 4 kB")         \
    LIMIT(MAX_SLIDE_BYTES, 400000,                                                                 \
          "one picture of a slide; 1,600 pixels of a photograph take 200 kB")                      \
    LIMIT(MAX_SLIDE_SMALL, 20000, "bytes of the small picture: 2.5 s at 64 kbit/s")                \
    LIMIT(MAX_SLIDE_MEDIUM, 60000, "bytes of the middle one, which phones on thin lines show")     \
    LIMIT(MAX_BOX_BYTES, 64u << 20, "a file of a boxed program; 1,600 pixels square take 10 MB")   \
    LIMIT(MAX_BOX_MEMORY, 1u << 30,                                                                \
          "address space of a boxed program; poppler takes 200 MB for a page of photographs")      \
    LIMIT(MAX_BOX_CPU_S, 20, "seconds of CPU for one page; a busy map takes 3")                    \
    LIMIT(MAX_CHAT_KEPT, 50,                                                                       \
          "messages that a room remembers; who comes late reads the last minutes")                 \
    LIMIT(MAX_DATAGRAM, 1500, "nothing larger crosses an Ethernet path unfragmented")              \
    /* web */                                                                                      \
    LIMIT(MAX_RATE_KEYS, 16384, "tokens and network prefixes with a bucket each; 400 kB")          \
    LIMIT(MAX_HITS, 512,                                                                           \
          "page, language and country of one batch of views; a busy hour has some 60")             \
    LIMIT(MAX_WORKER_JOBS, 64, "sign-ins waiting for a hash of 0.1 s: 6 s, longer nobody waits")   \
    LIMIT(MAX_FORM_BYTES, 64u << 10, "a form without a file, except an article")                   \
    LIMIT(MAX_KEPT_BYTES, 32u << 20,                                                               \
          "readers' pages kept as they were written; 2,000 pages with their packed forms")         \
    LIMIT(MAX_PACK_BYTES, 16u << 20, "one pack to take away; a programme of 30 guides takes 3 MB") \
    LIMIT(MAX_PACK_PICTURE_BYTES, 4u << 20,                                                        \
          "all pictures of one pack; 30 items with two of 60 kB, and the rest are words")          \
    LIMIT(MAX_PACK_SOUND_BYTES, 8u << 20, "all sound of a pack to be downloaded; 45 minutes")      \
    LIMIT(MAX_ZIP_FILES, 4096, "files of one pack; 100 pages in 20 languages and their messages")  \
    LIMIT(MAX_PACKS, 128, "packs whose size is known; 60 guides as zip and as book")               \
    LIMIT(MAX_PACKS_BYTES, 32u << 20, "packs kept as they were made; two of the largest size")     \
    LIMIT(MAX_KEPT_PAGE, 256u << 10, "one kept page; the largest guide has 100 kB in three forms") \
    LIMIT(MAX_LOCK_MS, 1000, "that changes wait while another program holds the store")            \
    /* domain */                                                                                   \
    LIMIT(MAX_QUIZ_QUESTIONS, 20, "one test on one page of a phone; the sample has five")          \
    LIMIT(MAX_QUESTION_BYTES, 1000, "a question or a choice; 500 letters of Cyrillic")             \
    LIMIT(MAX_REASON_BYTES, 500, "why a certificate was revoked; whoever checks it reads it")      \
    LIMIT(MAX_SHEET_BYTES, 1u << 20, "a donor's sheet; the sample's has about 40 kB")              \
    LIMIT(MAX_PDF_BYTES, 2u << 20, "a certificate; with letters of two scripts about 60 kB")       \
    LIMIT(MAX_CHILD_MEMORY, 512u << 20, "address space of one; fonts are mapped into it")          \
    LIMIT(MAX_CHILD_S, 10, "seconds a sandboxed child may work; a certificate takes one")          \
    LIMIT(MAX_IMPORT_ROWS, 5000,                                                                   \
          "an invitation list; the model event has 18, a large congress 3,000")                    \
    LIMIT(MAX_CSV_FIELD, 4096, "one cell")                                                         \
    LIMIT(MAX_TEXT_BYTES, 200000, "one article in Markdown; about 60 printed pages")               \
    LIMIT(MAX_JSON_DEPTH, 32, "seminar.json is 6 deep")                                            \
    LIMIT(MAX_CHECK_BYTES, 60000, "one text for the reporting check; 20 printed pages")            \
    LIMIT(MAX_CHECK_FINDS, 400, "marks of one check; who has more begins with these")              \
    LIMIT(MAX_TOPICS, 60, "of a site's news; more than that nobody reads through")                 \
    LIMIT(MAX_NEWS_COUNTRIES, 20, "that one item concerns: where people leave, where they work")   \
    LIMIT(MAX_PICTURES, 12, "of one item; who has more makes a gallery elsewhere")                 \
    LIMIT(MAX_PICTURE_SIDE, 16000, "dots along one side; WebP ends at 16,383")                     \
    LIMIT(MAX_PICTURE_DOTS, 50000000,                                                              \
          "of a file; today's phones make 50 million, 200 MB unpacked")                            \
    LIMIT(MAX_PICTURE_BYTES, 600000, "of one made file; 1,280 dots wide it takes 40 to 200 kB")    \
    LIMIT(MAX_ALT_BYTES, 1000, "description of a picture; screen readers read it in one go")       \
    LIMIT(MAX_SOUND_BYTES, 6u << 20, "a guide read aloud; half an hour of MP3 at 24 kbit/s")       \
    LIMIT(MAX_DIFF_EDITS, 1000, "changes in one comparison: 4 MB of the request's memory")         \
    LIMIT(MAX_BOARD_LINES, 300, "versions that wait at the desk; more nobody looks through")       \
    LIMIT(MAX_SEARCH_BYTES, 400, "of a query, which is cut there; eight words are looked for")     \
    LIMIT(MAX_PARTNERS, 64, "partners of a programme in a file; the model event has about ten")    \
    LIMIT(MAX_SEARCH_SKIP, 1000, "results before those shown; nobody turns fifty pages")           \
    LIMIT(MAX_SEARCH_PAGES, 4000000, "ranked at once: 12 bytes and some ns each, 48 MB")           \
    LIMIT(MAX_KIT_FILE, 2u << 20, "a logo or picture of a media kit; a page of print needs 1 MB")  \
    LIMIT(MAX_KIT_FILES, 6u << 20, "pictures of one kit: a hundred seconds at 0.5 Mbit/s")         \
    LIMIT(MAX_KIT_ITEMS, 60, "texts, facts, quotations, files of a media kit; ten of each kind")   \
    LIMIT(MAX_CLIPS, 4, "film clips of one kit: 160 MB in its zip at most, an hour at 0.4 Mbit/s") \
    LIMIT(MAX_CLIP_BYTES, 39u << 20, "a film clip: 40 s at 8 Mbit/s; it fits into MAX_HTTP_DECK")  \
    LIMIT(MAX_CLIP_SIDE, 4096, "dots along one side; H.264 level 5.1 ends there")                  \
    LIMIT(MAX_CLIP_S, 600, "seconds of a clip; b-roll is shots of some seconds each")              \
    LIMIT(MAX_CLIP_STILL, 40000, "bytes of its still, which is shown at once; it takes 15 kB")     \
    LIMIT(MAX_KIT_LINKS, 200, "personal links to a kit; a press list has about 100")               \
    LIMIT(MAX_CONCLUSION_BYTES, 4000,                                                              \
          "one conclusion; those of the model event have about 200 characters")

enum limits {
#define LIMIT(name, value, reason) name = (value),
    LIMIT_TABLE(LIMIT)
#undef LIMIT
};

#endif
