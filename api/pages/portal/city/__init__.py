"""Values of the pages of the city and of larger areas: colours, figures, rules, picture."""
