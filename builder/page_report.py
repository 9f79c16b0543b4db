"""Prints what publishing the page would do, and what it did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console

from builder.reporting import SIGNS, print_line


def print_page_plan(plan: Mapping[str, Any], *, execute: bool) -> None:
    """Print a plan file by file."""
    console = Console(highlight=False, emoji=False)
    print_line(console, f"the page of {', '.join(plan['dates'])} → Space {plan['repo_id']}", style="bold")
    if plan["done"]:
        print_line(console, f"commit  {plan['parent'][:12]} holds this page already: nothing is sent")
        return
    if plan["parent"] is None:
        print_line(console, "Space   made first, static and for everybody to see, so mind the name")
    else:
        print_line(console, f"parent  {plan['parent'][:12]}; any other head refuses the commit")
    for change in plan["changes"]:
        size = "" if change["action"] == "delete" else f"  {change['bytes']:,} bytes"
        print_line(console, f"  {SIGNS[change['action']]} {change['path']}{size}")
    print_line(console, f"        {len(plan['changes'])} files change, {plan['bytes']:,} bytes are sent")
    if not execute:
        print_line(console, "nothing was done; add --execute to do it")


def print_published_page(result: Mapping[str, Any]) -> None:
    """Print where the page is."""
    console = Console(highlight=False, emoji=False)
    what = "shows the page" if result["acted"] else "showed the page already"
    print_line(
        console,
        f"the Space {result['repo_id']} {what}: every file read back from commit "
        f"{result['commit'][:12]} is the one here",
    )
