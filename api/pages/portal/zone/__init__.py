"""Values of the pages of one RT: its page, the cards of other RT, and the search."""
