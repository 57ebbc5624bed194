"""Data files that rules read: an analyst can look at them and extend them without touching code."""
