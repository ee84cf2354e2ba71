-- The register of contacts: who answers, when, in which language, and who made sure of it last. A contact that nobody has made
-- sure of for long warns, and then hides by itself; see src/domain/contact.h.
CREATE TABLE contacts (
    contact_id      INTEGER PRIMARY KEY,
    slug            TEXT NOT NULL UNIQUE,
    name_text_id    INTEGER NOT NULL REFERENCES texts, -- of the organisation that answers
    service_text_id INTEGER NOT NULL REFERENCES texts, -- what help one gets there
    answers         INTEGER NOT NULL,           -- enum contact_answers: a state body, an NGO, an international organisation
    country         TEXT NOT NULL,              -- where it is; two capital letters
    serves          TEXT NOT NULL,              -- for people in these countries: codes with commas; '' everywhere
    phone           TEXT,                       -- as it is dialled from abroad, +…; NULL: none
    url             TEXT,                       -- NULL: none
    email           TEXT,                       -- NULL: none
    cost            INTEGER NOT NULL,           -- enum contact_cost; 0: not stated
    abroad          INTEGER NOT NULL,           -- enum contact_abroad: can it be reached from abroad; 0: not stated
    langs           TEXT NOT NULL,              -- codes with commas; '' not stated
    hours           TEXT NOT NULL,              -- src/domain/hours.h; '' not stated
    zone            TEXT NOT NULL,              -- IANA name of the hours
    source          TEXT NOT NULL,              -- where it was found
    checked_at      INTEGER,                    -- when somebody last got an answer; NULL: never
    checked_by      TEXT,                       -- who that was, as shown
    misses          INTEGER NOT NULL,           -- calls without an answer since then
    is_sample       INTEGER NOT NULL,           -- 1: invented; the number is of a range reserved for fiction
    revision        INTEGER NOT NULL,           -- counts changes, from 1
    added_at        INTEGER NOT NULL
) STRICT;

-- Every attempt, for the next checker.
CREATE TABLE contact_checks (
    contact_check_id INTEGER PRIMARY KEY,
    contact_id       INTEGER NOT NULL REFERENCES contacts ON DELETE CASCADE,
    result           INTEGER NOT NULL,          -- enum contact_result
    note             TEXT,
    account_id       INTEGER,                   -- NULL: an import
    checked_at       INTEGER NOT NULL
) STRICT;

CREATE INDEX contact_check_contacts ON contact_checks (contact_id, checked_at);
