-- What an item of the desk is, and which countries it concerns: for lists and feeds by language, topic and country.

ALTER TABLE news ADD COLUMN kind INTEGER NOT NULL DEFAULT 1 /* enum news_kind: news, a story told by consent */;

CREATE TABLE news_countries (
    country TEXT NOT NULL,                      -- two capital letters
    news_id INTEGER NOT NULL REFERENCES news ON DELETE CASCADE,
    PRIMARY KEY (country, news_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX news_country_items ON news_countries (news_id);
