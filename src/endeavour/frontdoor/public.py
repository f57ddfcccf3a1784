"""What other parts may use of the front door."""

from endeavour.frontdoor.assets import Assets as Assets
from endeavour.frontdoor.assets import assets_in as assets_in
from endeavour.frontdoor.assets import districts as districts
from endeavour.frontdoor.assets import towns_of as towns_of
from endeavour.frontdoor.details import load_details
from endeavour.frontdoor.languages import languages as languages
from endeavour.frontdoor.loading import load_directory as _load
from endeavour.frontdoor.queries import find_help as find_help
from endeavour.frontdoor.queries import rebuild_index as rebuild_index
from endeavour.frontdoor.queries import safety as safety
from endeavour.frontdoor.rehearsal.actions import rehearse as rehearse
from endeavour.frontdoor.renditions import load_renditions


def load_shipped_feeds() -> int:
    """Read the feeds that the pack brings along as examples of importing; how many records they hold. Twice changes nothing."""
    from endeavour.frontdoor.oruk.feed import import_feed
    from endeavour.frontdoor.shipped import shipped_feed, shipped_feeds

    read = 0
    for key in shipped_feeds():
        feed = shipped_feed(key)
        assert feed is not None, "it was listed"
        done = import_feed(source=feed.folder, key=feed.key, about=feed.about)
        read += done.added + done.changed + done.same
    return read


def load_directory(pack: object, by: object) -> int:
    """Load a pack's services and bring the search index up to date; the number of services. Twice changes nothing."""
    count = _load(pack, by=by)  # type: ignore[arg-type]
    name = str(getattr(getattr(pack, "folder", None), "name", pack))
    load_details(name)
    load_renditions(name)
    rebuild_index()
    return count
