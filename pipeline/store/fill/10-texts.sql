-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The texts of the editions that come in: `new_…` are their tables.
CREATE OR REPLACE TEMP TABLE new_texts AS
WITH row_cells AS (
    -- Every cell beside the years, each text once.
    SELECT edition_id, row_id, page_no,
           list_concat([name, done_text, owner_text], list_transform(attributes, lambda cell: cell.text)) AS cells
    FROM new_table_rows
),
all_texts AS (
    SELECT edition_id, 'schedule_items' AS record_table, item_id AS record_id, page_no, section_id, row_id,
           fy_start, fy_end, text
    FROM new_schedule_items
    UNION ALL
    SELECT edition_id, 'sections', section_id, page_no, section_id, NULL, NULL, NULL, title FROM new_sections
    UNION ALL
    SELECT edition_id, 'table_rows', row_id, page_no, NULL, row_id, NULL, NULL,
           array_to_string(list_filter(cells, lambda cell, i: cell <> '' AND list_position(cells, cell) = i), '　')
    FROM row_cells
    UNION ALL
    SELECT edition_id, 'notes', note_id, page_no, NULL, NULL, NULL, NULL, text FROM new_notes
    UNION ALL
    SELECT edition_id, 'paragraphs', paragraph_id, page_no, NULL, NULL, NULL, NULL, text FROM new_paragraphs
),
lengths AS (
    SELECT edition_id, record_table, record_id, count(*) AS word_count
    FROM new_tokens
    WHERE unit = 'A'
    GROUP BY ALL
)
SELECT
    t.edition_id,
    row_number() OVER (
        PARTITION BY t.edition_id ORDER BY t.page_no, t.record_table, len(t.record_id), t.record_id
    ) AS text_no,
    t.record_table, t.record_id, t.page_no,
    coalesce(array_to_string(s.path, ' > '), concat_ws(' > ', r.group_label, r.name)) AS place,
    t.fy_start, t.fy_end, t.text, coalesce(l.word_count, 0) AS word_count
FROM all_texts AS t
LEFT JOIN new_sections AS s ON s.edition_id = t.edition_id AND s.section_id = t.section_id
LEFT JOIN new_table_rows AS r ON r.edition_id = t.edition_id AND r.row_id = t.row_id
LEFT JOIN lengths AS l
    ON l.edition_id = t.edition_id AND l.record_table = t.record_table AND l.record_id = t.record_id
ORDER BY t.edition_id, text_no;

INSERT INTO texts BY NAME SELECT * FROM new_texts ORDER BY edition_id, text_no;
