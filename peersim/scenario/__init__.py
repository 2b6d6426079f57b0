"""What is to be simulated: people, programme, events, and the designs that vary them."""
