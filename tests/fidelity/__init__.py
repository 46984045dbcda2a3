"""Whether real documents are read and real histories told as they were, where a folder of captured ones is at hand.

`python -m tests.fidelity` (`make fidelity`) reads and replays everything and reports it; the tests here are its part
that is quick enough for every run.
"""
