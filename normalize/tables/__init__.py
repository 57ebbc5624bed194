# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ruled tables with columns beside the years: columns and their roles, rows, what the year cells say."""
