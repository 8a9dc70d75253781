"""Manipulators put into the recorded book of a real market: recall where nothing but they is simulated.

The rules by which that is done:

- **No impact.** The recorded orders do what they did: nobody reacts to an injected order, follows it, cancels
  because of it or arrives in its stead. So the manipulation does not work, and only its traces are real.
- **Fills.** An injected order that rests is filled in full once the recorded market has traded through its
  price: a recorded order of its side was filled at a worse price, or one of the other side came to rest at
  its price or beyond. At its own price it is filled by what trades there after the volume ahead of it in the
  queue: by as much as a recorded order of its side that came later was filled.
- **Taking.** An injected order that crosses the book takes what is displayed, recorded and injected alike, by
  price and time. Each recorded order can be taken once, and stays in the book all the same.
- **No volume is lost.** A fill of an injected order against the recorded market is a trade more on the tape;
  its other side is unknown. The recorded trades stay as they are.
- **Marked.** Every injected row carries ``Flag.SIMULATED`` and the sequence number of the row before.
"""
