-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Views over schedule items: what is planned, when, by whom, at which stage.
-- Ids of one page are numbered in reading order, so their length sorts i9 before i10.

-- 2022.0 is 1 April 2022, 2022.5 the middle of that fiscal year.
CREATE MACRO fiscal_date(position) AS
    make_date(CAST(floor(position) AS INTEGER), 4, 1)
    + CAST(floor((position - floor(position)) * date_diff('day',
        make_date(CAST(floor(position) AS INTEGER), 4, 1), make_date(CAST(floor(position) AS INTEGER) + 1, 4, 1))) AS INTEGER);
COMMENT ON MACRO fiscal_date IS 'The day at a fiscal-year coordinate: 2022.0 is 1 April 2022.';

CREATE MACRO fiscal_year(day) AS CAST(year(day) - CASE WHEN month(day) < 4 THEN 1 ELSE 0 END AS INTEGER);
COMMENT ON MACRO fiscal_year IS 'The fiscal year (April to March) that holds a day.';

CREATE MACRO fiscal_position(day) AS
    fiscal_year(day) + date_diff('day', make_date(fiscal_year(day), 4, 1), CAST(day AS DATE))
    / date_diff('day', make_date(fiscal_year(day), 4, 1), make_date(fiscal_year(day) + 1, 4, 1));
COMMENT ON MACRO fiscal_position IS 'The fiscal-year coordinate of a day: 1 April 2022 is 2022.0.';

CREATE VIEW items AS
SELECT
    i.edition_id, p.chapter, coalesce(t.place, '') AS place, i.kind, i.text, i.fy_start, i.fy_end, i.open_end, i.phase,
    i.owners, i.category, i.page_no, p.printed_page, i.confidence, i.start_pos, i.end_pos, i.section_id, i.row_id, i.item_id
FROM schedule_items AS i
LEFT JOIN pages AS p ON p.edition_id = i.edition_id AND p.page_no = i.page_no
LEFT JOIN texts AS t
    ON t.edition_id = i.edition_id AND t.record_table = 'schedule_items' AND t.record_id = i.item_id;
COMMENT ON VIEW items IS 'Schedule items with their chapter and place (section path, or table row) as text.';

CREATE VIEW timeline AS
SELECT
    edition_id, unnest(range(fy_start, fy_end + 1)) AS fiscal_year, fy_start, fy_end, place, text, phase, owners, kind,
    page_no, item_id
FROM items
WHERE kind IN ('bar', 'mark', 'marker') AND fy_start IS NOT NULL AND fy_end IS NOT NULL
ORDER BY edition_id, fiscal_year, page_no, len(item_id), item_id;
COMMENT ON VIEW timeline IS 'What happens in each fiscal year: one row for each year that a bar, a run of marks or a milestone covers.';
COMMENT ON COLUMN timeline.fiscal_year IS 'One of the fiscal years from fy_start to fy_end.';

CREATE VIEW milestones AS
WITH named AS (
    SELECT edition_id, item_id, date_from, date_to, precision
    FROM item_dates
    WHERE role <> 'reference' AND date_from IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY edition_id, item_id ORDER BY ordinal) = 1
)
SELECT
    i.edition_id, coalesce(d.date_from, fiscal_date(i.start_pos)) AS date_from,
    coalesce(d.date_to, fiscal_date(i.start_pos)) AS date_to, coalesce(d.precision, 'drawn') AS precision,
    i.text, i.place, i.owners, i.page_no, i.item_id
FROM items AS i
LEFT JOIN named AS d ON d.edition_id = i.edition_id AND d.item_id = i.item_id
WHERE i.kind = 'marker'
ORDER BY i.edition_id, date_from, date_to, i.page_no, len(i.item_id), i.item_id;
COMMENT ON VIEW milestones IS 'Milestones in order of time: by the date in their text, else by where the mark is drawn.';
COMMENT ON COLUMN milestones.precision IS 'Unit of the date in the text; drawn: the text has none, both days are the mark''s place.';

CREATE VIEW by_ministry AS
SELECT
    o.organization, o.unit, o.role, i.edition_id, i.place, i.text, i.fy_start, i.fy_end, i.phase, i.page_no, i.item_id
FROM item_organizations AS o
JOIN items AS i ON i.edition_id = o.edition_id AND i.item_id = o.item_id
ORDER BY o.organization, o.role DESC, i.edition_id, i.page_no, len(i.item_id), i.item_id;
COMMENT ON VIEW by_ministry IS 'Items by ministry, agency or body: those it is in charge of (owner) and those that name it.';

CREATE VIEW by_phase AS
SELECT
    list_position(
        ['検討', '法整備', '設計・開発', '実証', '整備・構築', '運用開始', '本格運用', '展開・拡大', '継続', '見直し'], phase
    ) AS phase_no,
    phase, edition_id, fy_start, fy_end, place, text, owners, page_no, item_id
FROM items
WHERE phase IS NOT NULL
ORDER BY phase_no, edition_id, fy_start, page_no, len(item_id), item_id;
COMMENT ON VIEW by_phase IS 'Items by the stage their text names, from study to review.';
COMMENT ON COLUMN by_phase.phase_no IS 'Order of the stages, 1 for 検討.';

CREATE VIEW deadlines AS
SELECT
    i.edition_id, d.date_to AS due, d.precision, d.approximate, d.text AS due_text, i.text, i.place, i.owners, i.fy_start,
    i.fy_end, i.page_no, i.item_id
FROM item_dates AS d
JOIN items AS i ON i.edition_id = d.edition_id AND i.item_id = d.item_id
WHERE d.role = 'deadline'
ORDER BY i.edition_id, due, i.page_no, len(i.item_id), i.item_id;
COMMENT ON VIEW deadlines IS 'What is due by when: every date with まで in an item''s text, the earliest first.';
COMMENT ON COLUMN deadlines.due IS 'Last day of the time named; NULL when its year is not known.';

CREATE VIEW targets AS
SELECT
    i.edition_id, t.measure, t.comparator, t.value, t.unit, t.approximate, t.deadline, t.text AS target_text, i.text,
    i.place, i.owners, i.fy_start, i.fy_end, i.page_no, i.item_id
FROM item_targets AS t
JOIN items AS i ON i.edition_id = t.edition_id AND i.item_id = t.item_id
ORDER BY i.edition_id, i.page_no, len(i.item_id), i.item_id, t.ordinal;
COMMENT ON VIEW targets IS 'Numbers that items promise or count, with what they measure and by when.';

CREATE MACRO running_on(day) AS TABLE (
    SELECT edition_id, place, text, phase, owners, fy_start, fy_end, open_end, page_no, item_id
    FROM items
    WHERE kind IN ('bar', 'mark')
        AND start_pos <= fiscal_position(day)
        AND (end_pos > fiscal_position(day) OR open_end)
    ORDER BY edition_id, page_no, len(item_id), item_id
);
COMMENT ON MACRO TABLE running_on IS 'Measures that run on a day: SELECT * FROM running_on(DATE ''2026-04-01'').';

CREATE VIEW running_now AS SELECT * FROM running_on(current_date);
COMMENT ON VIEW running_now IS 'Measures that run today, by where their bars begin and end.';
