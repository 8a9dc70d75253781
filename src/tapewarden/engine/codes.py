"""Codes of event columns as plain integers, which compiled rules can combine with ``|`` and ``&``.

Members of the enumerations may be compared in rules as they are (``act.reason == EndReason.MASS_CANCEL``);
bits of ``act.flags`` need these.
"""

from typing import Final

from tapewarden.domain.kinds import Flag, Initiator

MEMBER: Final = int(Initiator.MEMBER)
VENUE: Final = int(Initiator.VENUE)
SYSTEM: Final = int(Initiator.SYSTEM)

POST_ONLY: Final = int(Flag.POST_ONLY)
HIDDEN: Final = int(Flag.HIDDEN)
IMMEDIATE: Final = int(Flag.IMMEDIATE)
MARKET: Final = int(Flag.MARKET)
SNAPSHOT: Final = int(Flag.SNAPSHOT)
REPORT_ONLY: Final = int(Flag.REPORT_ONLY)
LIQUIDATION: Final = int(Flag.LIQUIDATION)
OFF_BOOK: Final = int(Flag.OFF_BOOK)
REDUCE_ONLY: Final = int(Flag.REDUCE_ONLY)
