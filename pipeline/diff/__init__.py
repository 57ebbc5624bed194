# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compares editions: which items are the same measure, and what was changed about it."""
