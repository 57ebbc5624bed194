-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Every text that is searched, with the place it stands in. Offsets and positions in `tokens` are into `text`.
-- A table, not a view: a search looks at all of it, and its lengths are counted once. Filled by fill/10-texts.sql.
CREATE TABLE texts (
    edition_id VARCHAR NOT NULL,
    text_no BIGINT NOT NULL,
    record_table VARCHAR NOT NULL,
    record_id VARCHAR NOT NULL,
    page_no INTEGER NOT NULL,
    place VARCHAR,
    fy_start INTEGER,
    fy_end INTEGER,
    text VARCHAR NOT NULL,
    word_count BIGINT NOT NULL
);

COMMENT ON TABLE texts IS 'Every text that is searched: items, section titles, table rows, notes, paragraphs, with the place each stands in.';
COMMENT ON COLUMN texts.edition_id IS 'The edition the text stands in.';
COMMENT ON COLUMN texts.text_no IS 'Number of the text in its edition, from 1, in reading order.';
COMMENT ON COLUMN texts.page_no IS 'Physical page number, from 1.';
COMMENT ON COLUMN texts.record_table IS 'Table of the record that holds the text.';
COMMENT ON COLUMN texts.record_id IS 'Id of that record.';
COMMENT ON COLUMN texts.place IS 'Section path, or group and name of the table row.';
COMMENT ON COLUMN texts.fy_start IS 'First fiscal year of an item; NULL for other texts.';
COMMENT ON COLUMN texts.fy_end IS 'Last fiscal year of an item; NULL for other texts.';
COMMENT ON COLUMN texts.text IS 'The text, normalised, without line breaks.';
COMMENT ON COLUMN texts.word_count IS 'Short units in the text.';
