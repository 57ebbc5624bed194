# SPDX-License-Identifier: AGPL-3.0-or-later
"""The stored tables: generations, Parquet files, the DuckDB file and its views, search."""
