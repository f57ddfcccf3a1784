"""One agency's records of the residents it knows, with its own mistakes in them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from endeavour.engine.linkage.extract_format import arrow_schema
from endeavour.engine.linkage.nicknames import ROOTS
from endeavour.engine.synthetic.extracts.agencies import Agency
from endeavour.engine.synthetic.extracts.faults import DIGITS, misdate, mistype
from endeavour.engine.synthetic.extracts.names import OUTSIDE_NICKNAMES

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from endeavour.engine.synthetic.extracts.addresses import Addresses
    from endeavour.engine.synthetic.extracts.residents import Residents

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

EXTRACT_DAY = np.datetime64("2021-03-21")
STYLES = {
    "nhs": {},
    "social_care": {" Street": " St", " Road": " Rd", " Avenue": " Ave"},
    "housing": {"Flat ": "FLAT ", ",": ""},
    "police_fire": {" Street": " St.", " Road": " Rd.", "Flat ": "Fl "},
    "voluntary": {",": "", " Close": " Cl"},
}
"""How each agency writes an address."""

WRITES_CAPITALS = ("housing", "police_fire")


def records_of(
    agency: Agency, known: Ints, residents: Residents, addresses: Addresses, rng: np.random.Generator
) -> tuple[pa.Table, Ints]:
    """The agency's extract (schema of `extract_format`), and the row in `residents` of each record: the truth."""
    import pyarrow as pa

    twice = known[rng.random(len(known)) < agency.duplicates]
    who = np.concatenate([known, twice])
    order = rng.permutation(len(who))
    is_second = (np.arange(len(who)) >= len(known))[order]
    who = who[order]
    count = len(who)

    def some(share: float | NDArray[Any]) -> Bools:
        return np.asarray(rng.random(count) < share, np.bool_)

    home, stale = _homes(agency, who, residents, some)
    known_on = np.where(
        stale,
        residents.moved_on[who] - rng.integers(1, 900, count).astype("timedelta64[D]"),
        np.minimum(
            residents.moved_on[who] + rng.integers(0, 1200, count).astype("timedelta64[D]"), EXTRACT_DAY
        ),
    )
    postcode = _postcodes(agency, home, addresses, some, rng)
    line = _style(agency, addresses.line).take(home)
    surname = np.where(some(agency.earlier_surname), residents.earlier_surname[who], residents.surname[who])
    forename = _forenames(agency, residents, who, some, rng)
    born, no_birth = _births(agency, residents, who, some, rng)
    sex = np.where(residents.is_female[who], "F", "M")
    columns = {
        "record_id": np.arange(1, count + 1).astype("U8"),
        "service": _services(agency, residents.age[who], rng),
        "nhs_number": _numbers(agency, residents, who, is_second, some, rng),
        "forename": _case(agency, _slip(forename, some(agency.forename_slip), rng)),
        "surname": _case(agency, _slip(residents.names[surname], some(agency.surname_slip), rng)),
        "sex": pa.array(sex, mask=some(agency.sex_missing)),
        "birth_date": pa.array(born.astype("datetime64[D]"), mask=no_birth),
        "address": line,
        "postcode": postcode,
        "uprn": _masked(addresses.uprn.take(home), ~some(agency.uprn)),
        "address_from": known_on.astype("datetime64[D]"),
        "opted_out": residents.opt_out_national[who] if agency.name == "nhs" else np.zeros(count, np.bool_),
    }
    schema = arrow_schema()
    arrays = [pa.array(columns[f.name]).cast(f.type) for f in schema]
    return pa.Table.from_arrays(arrays, schema=schema), who


def _homes(agency: Agency, who: Ints, residents: Residents, some: Any) -> tuple[Ints, Bools]:
    earlier = residents.earlier_home[who]
    stale = (earlier >= 0) & some(agency.stale)
    return np.where(stale, earlier, residents.household[who]), stale


def _postcodes(
    agency: Agency, home: Ints, addresses: Addresses, some: Any, rng: np.random.Generator
) -> pa.Array:
    import pyarrow.compute as pc

    slipped = np.flatnonzero(some(agency.postcode_slip))
    postcode = _replaced(
        addresses.postcode.take(home), slipped, lambda words: mistype(words, rng, alphabet=DIGITS)
    )
    if agency.name == "voluntary":
        postcode = pc.replace_substring(postcode, " ", "")
    return _masked(postcode, some(agency.postcode_missing))


def _style(agency: Agency, lines: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    for old, new in STYLES[agency.name].items():
        lines = pc.replace_substring(lines, old, new)
    return pc.utf8_upper(lines) if agency.name in WRITES_CAPITALS else lines


def _case(agency: Agency, names: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    return pc.utf8_upper(names) if agency.name in WRITES_CAPITALS else names


def _forenames(agency: Agency, residents: Residents, who: Ints, some: Any, rng: np.random.Generator) -> Any:
    """Forenames, some of them in a short form."""
    names = residents.names[residents.forename[who]]
    familiar = np.flatnonzero(some(agency.nickname))
    forms = _short_forms()
    draws = rng.random(len(familiar))
    short = [
        options[int(draw * len(options))] if (options := forms.get(name)) else name
        for name, draw in zip(names[familiar].tolist(), draws.tolist(), strict=True)
    ]
    names = names.copy()
    names[familiar] = short
    return names


def _short_forms() -> dict[str, list[str]]:
    """What a person of each name may be called; never a form longer than the longest name there is."""
    families = defaultdict(list)
    for form, root in ROOTS.items():
        families[root].append(form.title())
    forms = {
        name: [other for other in family if other != name] for family in families.values() for name in family
    }
    for name, other in OUTSIDE_NICKNAMES.items():
        forms[name] = [*forms.get(name, []), other]
    return forms


def _slip(names: Any, slipped: Bools, rng: np.random.Generator) -> pa.Array:
    import pyarrow as pa

    return _replaced(pa.array(names), np.flatnonzero(slipped), lambda words: mistype(words, rng))


def _replaced(column: pa.Array, at: Ints, change: Any) -> pa.Array:
    """The column with the words at some places changed."""
    import pyarrow as pa
    import pyarrow.compute as pc

    mask = np.zeros(len(column), np.bool_)
    mask[at] = True
    words = np.array(column.take(pa.array(at)).to_pylist(), dtype=np.str_)
    return pc.replace_with_mask(column, pa.array(mask), pa.array(change(words), pa.string()))


def _masked(column: pa.Array, empty: Bools) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.if_else(pa.array(~empty), column, pa.scalar(None, pa.string()))


def _births(
    agency: Agency, residents: Residents, who: Ints, some: Any, rng: np.random.Generator
) -> tuple[Any, Bools]:
    born = residents.born_on[who].copy()
    at = np.flatnonzero(some(agency.birth_slip))
    born[at] = misdate(born[at], rng)
    return born, some(agency.birth_missing)


def _numbers(
    agency: Agency, residents: Residents, who: Ints, is_second: Bools, some: Any, rng: np.random.Generator
) -> pa.Array:
    """NHS numbers: some missing, some mistyped, a few of somebody else at the same home."""
    import pyarrow as pa

    by_home = np.argsort(residents.household, kind="stable")
    place = np.empty(len(by_home), np.int64)
    place[by_home] = np.arange(len(by_home))
    neighbour = by_home[(place[who] + 1) % len(by_home)]
    mixed = some(agency.nhs_mixed_up) & (residents.household[neighbour] == residents.household[who])
    numbers = residents.nhs_number[np.where(mixed, neighbour, who)]
    slipped = np.flatnonzero(some(agency.nhs_slip))
    numbers = _replaced(pa.array(numbers), slipped, lambda words: mistype(words, rng, alphabet=DIGITS))
    # A second registration often has no number yet.
    return _masked(numbers, ~some(np.where(is_second, agency.nhs_number * 0.5, agency.nhs_number)))


def _services(agency: Agency, age: Ints, rng: np.random.Generator) -> Any:
    services = np.array(agency.services)
    if agency.name == "social_care":
        return services[(age < 18).astype(np.int64)]
    return services[rng.integers(0, len(services), len(age))]
