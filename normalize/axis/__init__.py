# SPDX-License-Identifier: AGPL-3.0-or-later
"""Year headers: what a label says, the columns, how far their chart reaches."""
