-- Donor's sheets as they were handed over: frozen, dated, signed.
CREATE TABLE sheets (
    sheet_id   INTEGER PRIMARY KEY,
    seminar_id INTEGER NOT NULL REFERENCES seminars,
    number     INTEGER NOT NULL CHECK (number > 0), -- within the seminar, from 1
    sheet      TEXT NOT NULL,                   -- JSON that is handed over, byte for byte; small numbers are suppressed in it
    records    TEXT NOT NULL,                   -- JSON it was computed from, without names; for the house's auditor alone
    hash       TEXT NOT NULL UNIQUE,            -- SHA-256 of sheet, in hex
    key        TEXT NOT NULL,                   -- Ed25519 public key, base64
    signature  TEXT NOT NULL,                   -- Ed25519 over the bytes of sheet, base64
    handed_to  TEXT NOT NULL,                   -- whom it was made for, in the organiser's words
    frozen_at  INTEGER NOT NULL,
    account_id INTEGER,                         -- who froze it; NULL: the server
    UNIQUE (seminar_id, number)
) STRICT;
