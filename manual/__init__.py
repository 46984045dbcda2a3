"""What makes the documentation: the parts of it that the code says (`python -m manual`), and the site around it.

Not part of the program that is installed: only what stands in the repository needs it.
"""
