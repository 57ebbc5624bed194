# SPDX-License-Identifier: AGPL-3.0-or-later
"""Headings and table rows, and which of them an item belongs to."""
