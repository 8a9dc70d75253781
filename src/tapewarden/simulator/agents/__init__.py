"""Who trades on a market, one file per kind: compiled, so that thousands of them cost little.

An agent looks at the market now and then, decides, and sends requests that arrive after its delay. It sees
the book, what it holds and, if its kind does, what the asset is worth; never another agent.
"""
