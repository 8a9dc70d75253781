"""Realism: the stylised facts of markets, on any tape, so that a simulated one stands beside recorded ones.

A *stylised fact* is a regularity that nearly all markets share (Cont 2001). Each one here is a statistic with
a band that markets are expected to keep within. On a tape it is met, missed, or not measurable: the tape is
too short, too quiet, or shows too little.
"""
