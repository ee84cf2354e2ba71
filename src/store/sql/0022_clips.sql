-- Film clips of media kits: what is left of one without place, day, device and names. See src/domain/clip.h.
CREATE TABLE clips (
    clip_id   INTEGER PRIMARY KEY,              -- random: never that of a clip that was there before
    kit_item_id INTEGER NOT NULL UNIQUE REFERENCES kit_items ON DELETE CASCADE,
    state     INTEGER NOT NULL,                 -- enum clip_state
    fault     INTEGER NOT NULL,                 -- enum clip_fault
    format    INTEGER NOT NULL,                 -- enum clip_format
    width     INTEGER NOT NULL,                 -- as shown; this and the next four 0 or '' until it is ready
    height    INTEGER NOT NULL,
    length_ms INTEGER NOT NULL,
    nbytes    INTEGER NOT NULL,
    sum       INTEGER NOT NULL,                 -- CRC-32 of its bytes, as a zip names it
    digest    TEXT NOT NULL,                    -- 32 digits of the SHA-256 of its bytes
    still     BLOB                              -- JPEG of one frame; NULL: none could be made
) STRICT;

-- A clip as it came; goes as soon as it is ready or cannot be made.
CREATE TABLE clip_files (
    clip_id   INTEGER PRIMARY KEY REFERENCES clips ON DELETE CASCADE,
    bytes     BLOB NOT NULL
) STRICT;

-- A clip as readers get it, in parts, so that nobody's request needs all of it in memory.
CREATE TABLE clip_parts (
    clip_id   INTEGER NOT NULL REFERENCES clips ON DELETE CASCADE,
    number    INTEGER NOT NULL,                 -- from 0; each but the last has CLIP_PART bytes
    bytes     BLOB NOT NULL,
    UNIQUE (clip_id, number)
) STRICT;
