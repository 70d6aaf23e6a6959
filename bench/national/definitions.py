"""The nation's own elements and measures, as an installation writes them (TOML)."""

from __future__ import annotations

from pathlib import Path

from bench.national.nation import CARRY, ELEMENTS, FLOWS, LEAST, MEASURES, SHARES


def element(number: int) -> str:
    """The slug of an element."""
    return f"bench.e{number:03d}"


def measure(number: int) -> str:
    """The slug of a measure."""
    return f"bench.m{number:03d}"


def write(folder: Path) -> None:
    """`elements.toml` and one file a measure."""
    folder.mkdir(parents=True, exist_ok=True)
    told = "\n".join(_element(number) for number in range(ELEMENTS))
    (folder / "elements.toml").write_text(told, encoding="utf-8")
    for number in range(MEASURES):
        (folder / f"m{number:03d}.toml").write_text(_measure(number), encoding="utf-8")


def _element(number: int) -> str:
    time = "flow" if number // 2 in FLOWS else "stock"
    carry = f"carry = {CARRY}\n" if time == "stock" else ""
    part = f'at_most = "{element(number - 1)}"\n' if number % 2 else ""
    return (
        f'["{element(number)}"]\ntitle = "Số liệu {number}"\nunit_of_measure = "người"\n'
        f'time = "{time}"\n{carry}{part}'
    )


_EXAMPLE = """
[[example]]
says = "Một xã."
period = "202509"
reported = \"\"\"
unit | period | {whole} | {part}
c1   | 202509 | 100 | {told}
\"\"\"
expect = {{ c1 = "{expected}" }}
"""


def _measure(number: int) -> str:
    part, whole = element(2 * number + 1), element(2 * number)
    over = "year_to_date" if number in FLOWS else "latest"
    sides = f'numerator = "{part}"\ndenominator = "{whole}"\n'
    head = (
        f'measure = "{measure(number)}"\ntitle = "Tỷ lệ {number}"\nover = "{over}"\n'
        'scope = ["COMMUNE", "WARD"]\nfrequency = "month"\n'
    )
    example = _EXAMPLE.format(
        whole=whole, part=part, told=80, expected="1/1" if number in SHARES else "80/100"
    )
    if number not in SHARES:
        return f'{head}kind = "ratio"\n{sides}{example}'
    inner = f'kind = "ratio"\ntitle = "Tỷ lệ của từng xã"\n{sides}'
    return f'{head}kind = "share_of_units"\nat_least = {LEAST}\n\n[of]\n{inner}{example}'
