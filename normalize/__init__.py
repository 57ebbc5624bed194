"""Page layouts in, roadmap records out: text, fiscal-year axis, sections, bars, rows, dates.

Knows roadmaps and never opens a PDF. May import `extract` (its layout model) and `schema`.
"""
