# SPDX-License-Identifier: AGPL-3.0-or-later
"""Legends: what the colours and marks of a chart mean, in the page's own words."""
