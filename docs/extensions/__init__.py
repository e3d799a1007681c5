"""Extensions of the documentation site: reference pages that are made from the program."""
