"""What an operator asks and orders by command: deliveries, silences, marks, verdicts, a test of one channel."""
