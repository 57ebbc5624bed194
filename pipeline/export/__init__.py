# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stored tables as files for other programs: CSV, Excel, JSON Lines, Frictionless data packages."""
