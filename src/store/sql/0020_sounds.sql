-- What a guide or legal page sounds like in one language: made by a program of its words, or read by a person. See src/domain/sound.h.
CREATE TABLE guide_sounds (
    guide_sound_id INTEGER PRIMARY KEY,
    guide_id  INTEGER NOT NULL REFERENCES guides ON DELETE CASCADE,
    lang      TEXT NOT NULL,
    kind      INTEGER NOT NULL,                 -- enum sound_kind
    fault     INTEGER NOT NULL,                 -- enum sound_fault; 0: bytes are there
    words     BLOB NOT NULL,                    -- SHA-256 of the texts that it says
    script    BLOB,                             -- SHA-256 of what the program was given; NULL: a person reads
    reader    TEXT NOT NULL,                    -- who reads, as readers see it; '': a program
    format    INTEGER NOT NULL,                 -- enum sound_format; 0 with a fault
    length_ms INTEGER NOT NULL,
    name      TEXT NOT NULL,                    -- of the file: 32 digits of the SHA-256 of its bytes, and its kind; '' with a fault
    bytes     BLOB NOT NULL,
    made_at   INTEGER NOT NULL,
    UNIQUE (guide_id, lang, kind)
) STRICT;
