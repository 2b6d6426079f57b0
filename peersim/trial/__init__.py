"""A randomised trial of a programme, simulated: recruited, lived, measured and analysed as a real
one would be.
"""
