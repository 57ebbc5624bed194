"""What a record IS: models of every table, the tables derived from them, and the errors everyone shares.

The lowest layer. It imports none of the other packages, opens no files and knows nothing of PDF.
"""
