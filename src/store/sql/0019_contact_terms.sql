-- What HSDS 3 has of a contact besides: whom it helps, and how people with disabilities get there.
ALTER TABLE contacts ADD COLUMN eligible_text_id INTEGER REFERENCES texts /* NULL: not stated */;
ALTER TABLE contacts ADD COLUMN access_text_id INTEGER REFERENCES texts /* NULL: not stated */;
