"""The analysts' console: a Tk window on a server, which it reaches through ``tapewarden.client`` only.

``presenters`` know what to show and know nothing of Tk; ``views`` draw it with ``widgets``; ``frame`` is
around every view; ``transport`` is the thread that talks to the server; ``console`` holds them together.

To add a view, or to replace a place that is still empty: see ``docs/reference/desktop.md``.
"""
