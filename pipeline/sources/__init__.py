# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where editions come from: the register, downloads, files found, corrections by hand."""
