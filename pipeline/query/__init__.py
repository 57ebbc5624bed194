# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading the stored tables by SQL that somebody else wrote: nothing but the tables, and within limits."""
