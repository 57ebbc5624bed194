"""What a user DOES: the command line, runs, the store, diff, reports, fetching editions.

The top layer: it may import every other package, and none of them imports it.
"""
