"""Files of any format as text with names: what is called how, decoded, with the place of every character."""
