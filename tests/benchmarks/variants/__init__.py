# SPDX-License-Identifier: AGPL-3.0-or-later
"""A fictional plan drawn in many layouts, with what a person reads from each: how well does reading generalise?

`python -m tests.benchmarks.variants OUTDIR` draws the PDFs and their ground truth,
`python -m tests.benchmarks.variants.score OUTDIR DB` compares a database built from them with that truth.
"""
