-- Requests of people at risk, in a file of their own. What a person wrote is sealed to the case workers' keys before it is
-- stored; there is no identity, no address, no browser and no time finer than a day in this file.
CREATE TABLE requests (
    request_id INTEGER PRIMARY KEY,
    sealed     BLOB NOT NULL,                   -- the sealed box, padded to a size that tells nothing
    sealed_by  INTEGER NOT NULL,                -- 1: in the browser; 2: by the server at once (weaker)
    code_hash  BLOB NOT NULL UNIQUE,            -- of the code by which the person gets the answer
    day        INTEGER NOT NULL                 -- days since 1970, UTC
) STRICT;
