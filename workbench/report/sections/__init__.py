"""The parts of a report, one file a part: stored tables in, something to show out. Nothing is counted here."""
