"""From agencies' extracts to linked people and households, and their records brought together; each step once."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from endeavour.cli.built import Built, fingerprint
from endeavour.cli.talk import say, step
from endeavour.errors import Missing

if TYPE_CHECKING:
    from endeavour.engine.lake.store import Lake


def link(built: Built, lake: Lake, *, most: int | None = None) -> None:
    """Link the agencies' extracts; where there are none, or synthetic ones of another lake, draw synthetic ones first."""
    from endeavour.engine.linkage.paths import linkage_dir
    from endeavour.engine.linkage.run import run_linkage

    source = linkage_dir() / "extracts"
    if _is_synthetic_or_absent(source):
        _draw(lake)
    _link(built, lake, "linkage", source, run_linkage, linkage_dir(), most=most)


def link_keyed(built: Built, lake: Lake, *, most: int | None = None) -> None:
    """The same from the agencies' codes; where none were sent, synthetic extracts become codes first.

    `Missing` where the extracts here bear real names: whoever holds the secret makes codes of them, not this command.
    """
    from endeavour.engine.linkage.keyed_run import run_keyed
    from endeavour.engine.linkage.paths import keyed_dir, linkage_dir

    source = keyed_dir() / "extracts"
    if _is_synthetic_or_absent(source):
        if not _is_synthetic_or_absent(linkage_dir() / "extracts"):
            raise Missing(
                f"No agency has sent codes to {source}.",
                hint="Make them with: endeavour linkage pseudonymise, and endeavour cohort pseudonymise-facts",
            )
        _draw(lake)
        _code(lake)
    _link(built, lake, "keyed linkage", source, run_keyed, keyed_dir(), most=most)


def _link(
    built: Built,
    lake: Lake,
    name: str,
    source: Path,
    run: Callable[..., object],
    root: Path,
    *,
    most: int | None,
) -> None:
    from endeavour.engine.linkage.extract_format import MOST_RECORDS
    from endeavour.engine.linkage.paths import current_result
    from endeavour.engine.linkage.review import decisions_path

    # Records of another synthetic lake bear the same numbers and mean other people: nothing known of them holds here.
    afresh = _is_synthetic_or_absent(source) and not built.seen.get(name, "").startswith(lake.id)
    decided = decisions_path().read_text(encoding="utf-8") if decisions_path().is_file() else ""

    def work() -> None:
        run(
            root=root,
            extracts=source,
            afresh=afresh,
            most=most or MOST_RECORDS,
            talk=lambda what: say(f"  [dim]{what}[/dim]"),
        )

    built.once(
        name, f"{lake.id} {fingerprint(source)} {_hash_of(decided)}", "Linking people and households", work,
        still=current_result(root) is not None, draws_itself=True,
    )  # fmt: skip


def gather(built: Built, pack: str, *, keyed: bool | None = None) -> None:
    """Bring everybody's linked records together, for measures and segments to count; nothing where nothing was linked.

    Which records: of the mode asked for, or of the one in use.
    """
    from endeavour.engine.cohort.agency_facts import facts_dir
    from endeavour.engine.cohort.linked_lake import build_linked_lake, people_in_use
    from endeavour.engine.cohort.proposal import sources_in_use
    from endeavour.engine.cohort.sources import sources_of
    from endeavour.engine.lake.store import Lake

    lake = Lake.open()
    sources = sources_in_use(lake, pack=pack) if keyed is None else sources_of(lake, pack=pack, keyed=keyed)
    if sources is None:
        return
    built.once(
        "people", f"{lake.id} {sources.result.name} {fingerprint(facts_dir(sources.root))} {sources.holdings.version}",
        "Bringing everybody's records together", lambda: build_linked_lake(lake, sources),
        still=people_in_use(lake) is not lake,
    )  # fmt: skip


def _hash_of(text: str) -> str:
    """A checksum of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _is_synthetic_or_absent(extracts: Path) -> bool:
    return not extracts.is_dir() or (extracts / "about.json").is_file()


def _draw(lake: Lake) -> None:
    """Draw synthetic extracts of this lake unless they are there."""
    from endeavour.engine.cohort.agency_facts import facts_dir
    from endeavour.engine.cohort.sources import drawn_from
    from endeavour.engine.linkage.paths import linkage_dir
    from endeavour.engine.synthetic.extracts.build import build_extracts

    if drawn_from(linkage_dir() / "extracts") == lake.id and facts_dir().is_dir():
        return
    with step("Drawing five agencies' synthetic extracts"):
        build_extracts(lake)


def _code(lake: Lake) -> None:
    """Turn synthetic extracts into codes, and what is known of homes, unless that is done."""
    from endeavour.engine.cohort.agency_facts import facts_dir
    from endeavour.engine.cohort.keyed_facts import pseudonymise_facts, pseudonymise_truth
    from endeavour.engine.cohort.sources import drawn_from
    from endeavour.engine.linkage.keys import pseudonymise_extracts
    from endeavour.engine.linkage.paths import keyed_dir, linkage_dir

    own, keyed = linkage_dir(), keyed_dir()
    if drawn_from(keyed / "extracts") == lake.id and facts_dir(keyed).is_dir():
        return
    with step("Turning the extracts into keyed codes"):
        pseudonymise_facts(facts_dir(), facts_dir(keyed))
        pseudonymise_truth(own / "truth", keyed / "truth")
        pseudonymise_extracts(own / "extracts", keyed / "extracts")
        # Last: it says that all the rest is there.
        shutil.copyfile(own / "extracts" / "about.json", keyed / "extracts" / "about.json")
