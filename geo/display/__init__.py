"""How codes, numbers and works are shown to people: labels, symbols, fields, cards, citations."""
