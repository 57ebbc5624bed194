# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which shapes are bars, the text written in them or beside them, the items they make."""
