-- Which channel of interpretation a person hears or speaks into outlasts a restart of the server.

ALTER TABLE room_persons ADD COLUMN channel TEXT NOT NULL DEFAULT '';     -- language that is heard; empty: the floor
ALTER TABLE room_persons ADD COLUMN booth TEXT NOT NULL DEFAULT '';       -- language that is interpreted into; empty: none
ALTER TABLE room_persons ADD COLUMN is_on_mic INTEGER NOT NULL DEFAULT 0; -- 1: has the microphone of that booth
