"""Typefaces of the paper (字体): files, their coverage, and how they are embedded."""
