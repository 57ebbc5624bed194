-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Every text that is searched, with the place it stands in. Offsets and positions in `tokens` are into `text`.
-- A table, not a view: a search looks at all of it, and its lengths are counted once.
CREATE TABLE texts AS
WITH row_cells AS (
    -- Every cell beside the years, each text once.
    SELECT edition_id, row_id, page_no,
           list_concat([name, done_text, owner_text], list_transform(attributes, lambda cell: cell.text)) AS cells
    FROM table_rows
),
all_texts AS (
    SELECT edition_id, 'schedule_items' AS record_table, item_id AS record_id, page_no, section_id, row_id,
           fy_start, fy_end, text
    FROM schedule_items
    UNION ALL
    SELECT edition_id, 'sections', section_id, page_no, section_id, NULL, NULL, NULL, title FROM sections
    UNION ALL
    SELECT edition_id, 'table_rows', row_id, page_no, NULL, row_id, NULL, NULL,
           array_to_string(list_filter(cells, lambda cell, i: cell <> '' AND list_position(cells, cell) = i), '　')
    FROM row_cells
    UNION ALL
    SELECT edition_id, 'notes', note_id, page_no, NULL, NULL, NULL, NULL, text FROM notes
    UNION ALL
    SELECT edition_id, 'paragraphs', paragraph_id, page_no, NULL, NULL, NULL, NULL, text FROM paragraphs
),
lengths AS (
    SELECT edition_id, record_table, record_id, count(*) AS word_count
    FROM tokens
    WHERE unit = 'A'
    GROUP BY ALL
)
SELECT
    row_number() OVER (ORDER BY t.edition_id, t.page_no, t.record_table, len(t.record_id), t.record_id) AS text_no,
    t.edition_id, t.record_table, t.record_id, t.page_no,
    coalesce(array_to_string(s.path, ' > '), concat_ws(' > ', r.group_label, r.name)) AS place,
    t.fy_start, t.fy_end, t.text, coalesce(l.word_count, 0) AS word_count
FROM all_texts AS t
LEFT JOIN sections AS s ON s.edition_id = t.edition_id AND s.section_id = t.section_id
LEFT JOIN table_rows AS r ON r.edition_id = t.edition_id AND r.row_id = t.row_id
LEFT JOIN lengths AS l
    ON l.edition_id = t.edition_id AND l.record_table = t.record_table AND l.record_id = t.record_id
ORDER BY text_no;

COMMENT ON TABLE texts IS 'Every text that is searched: items, section titles, table rows, notes, paragraphs, with the place each stands in.';
COMMENT ON COLUMN texts.text_no IS 'Number of the text in this file.';
COMMENT ON COLUMN texts.edition_id IS 'The edition the text stands in.';
COMMENT ON COLUMN texts.page_no IS 'Physical page number, from 1.';
COMMENT ON COLUMN texts.record_table IS 'Table of the record that holds the text.';
COMMENT ON COLUMN texts.record_id IS 'Id of that record.';
COMMENT ON COLUMN texts.place IS 'Section path, or group and name of the table row.';
COMMENT ON COLUMN texts.fy_start IS 'First fiscal year of an item; NULL for other texts.';
COMMENT ON COLUMN texts.fy_end IS 'Last fiscal year of an item; NULL for other texts.';
COMMENT ON COLUMN texts.text IS 'The text, normalised, without line breaks.';
COMMENT ON COLUMN texts.word_count IS 'Short units in the text.';
