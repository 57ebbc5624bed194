# SPDX-License-Identifier: AGPL-3.0-or-later
"""The explorer: a static site of stored editions that needs no server and asks nobody for anything."""
