-- What earlier versions left: rooms of seminars that were ended at the desk, or of people who went after the end; names on the
-- certificates of people who became protected later, and organisations on erased ones. State 4: ended; role 8: protected.
DELETE FROM rooms WHERE seminar_id IN (SELECT seminar_id FROM seminars WHERE state >= 4);
DELETE FROM room_persons WHERE seminar_id IN (SELECT seminar_id FROM seminars WHERE state >= 4);
DELETE FROM room_places WHERE seminar_id IN (SELECT seminar_id FROM seminars WHERE state >= 4);
DELETE FROM room_chats WHERE seminar_id IN (SELECT seminar_id FROM seminars WHERE state >= 4);

UPDATE certificates SET printed = json_set(printed, '$.organisation', '') WHERE printed ->> 'name_by' = 'erased';
UPDATE certificates SET code = lower(hex(randomblob(10))), reason = NULL,
    printed = json_set(printed, '$.organisation', '', '$.name_by', 'pseudonym', '$.name',
    coalesce((SELECT p.function FROM persons p WHERE p.person_id = certificates.person_id), ''))
WHERE printed ->> 'name_by' NOT IN ('pseudonym', 'erased') AND EXISTS (SELECT 1 FROM invitations i
    WHERE i.seminar_id = certificates.seminar_id AND i.person_id = certificates.person_id AND i.role = 8);
