"""What the program tells people about itself: the senders' page and the state page."""
