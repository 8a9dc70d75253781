"""Manipulators put into the recorded book of a real market: recall where nothing but they is simulated.

The rules by which that is done:

- **No impact.** The recorded orders do what they did: nobody reacts to an injected order, follows it, cancels
  because of it or arrives in its stead. So the manipulation does not work, and only its traces are real.
- **Fills.** An injected order that rests is filled when the recorded market trades past it: when a recorded
  order of its side is filled that stands at a worse price, or at the same price and came later. It is filled
  by as much, at its own price. It is also filled by a recorded order of the other side that comes to rest at
  or beyond its price, since the two would have met.
- **Taking.** An injected order that crosses the book takes what is displayed, recorded and injected alike, by
  price and time. Each recorded order can be taken once, and stays in the book all the same.
- **No volume is lost.** A fill of an injected order against the recorded market is a trade more on the tape;
  its other side is unknown. The recorded trades stay as they are.
- **Marked.** Every injected row carries ``Flag.SIMULATED`` and the sequence number of the row before.
"""
