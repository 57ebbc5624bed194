# SPDX-License-Identifier: AGPL-3.0-or-later
"""A plan drawn anew from its records: the rows and lanes of a Gantt chart, its colours, and the chart as SVG."""
