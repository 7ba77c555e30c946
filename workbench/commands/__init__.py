"""The verbs of the `voc` command, a module for those that belong together: arguments only."""
