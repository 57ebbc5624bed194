# SPDX-License-Identifier: AGPL-3.0-or-later
"""The explorer from the live tables, with a desk where people correct what was read. For this machine only."""
