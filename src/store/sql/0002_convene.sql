-- What an organiser makes and changes in the browser.

ALTER TABLE persons ADD COLUMN erased_at INTEGER /* when name, function and address were taken out; NULL: they are in it */;
ALTER TABLE seminars ADD COLUMN moves INTEGER NOT NULL DEFAULT 0 /* changes of its time: SEQUENCE of the calendar file, RFC 5545 3.8.7.4 */;

-- Associated partners of a programme. Convener and donor are columns of the programme.
CREATE TABLE programme_partners (
    programme_id INTEGER NOT NULL REFERENCES programmes ON DELETE CASCADE,
    org_id       INTEGER NOT NULL REFERENCES orgs,   -- in the order of their numbers
    PRIMARY KEY (programme_id, org_id)
) STRICT, WITHOUT ROWID;
