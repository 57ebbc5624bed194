# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many documents, on one machine or on many, into one data set that no kill can harm."""
