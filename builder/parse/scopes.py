"""The part `scopes`: which lists of a capture named a member, or under which names a base was asked for.

`{"matched": [{"scope": tag, "sign": reason}, …]}` for a member, where a sign stands if the list holds
other models too; `{"asked": [repo_id, …]}` for a base, which the Hub may answer under another name.
"""

from __future__ import annotations

import re
from typing import Final

from builder.parse.facts import Facts
from builder.parse.popping import Fields, Irregularities
from schemas.shared import REPO_ID, TOKEN

_TOKEN: Final = re.compile(TOKEN.pattern)
_ID: Final = re.compile(REPO_ID.pattern)


def read_scopes(facts: Facts, part: Fields, irregular: Irregularities) -> None:
    """Fill the facts from what a capture says of a record itself.

    Raises:
        EvidenceUnreadable: a field is not known.
    """
    del irregular  # The fields note for themselves what they hold.
    for match in part.subs("matched"):
        scope = match.text("scope")
        match.ignore("sign")
        match.done()
        if scope is not None and _TOKEN.fullmatch(scope):
            facts.scopes.add(scope)
        else:
            part.refuse("matched", "a scope that is no plain identifier")
    facts.aliases = {name for name in part.texts("asked") if _ID.fullmatch(name)}
    part.done()
