"""The places of the demo: Hubei's real administrative units, and bases that do not exist."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from zhupei.organisations.actions import found
from zhupei.organisations.choices import Level, Track
from zhupei.organisations.models import Department, Organisation, Specialty, SpecialtyBase

from . import schemes

DATA = Path(__file__).parent / "data"
TRACKS = {"西医": Track.WESTERN}

PROVINCE = "湖北省卫健委"
WUHAN, XIANTAO = "武汉市卫健委", "仙桃市卫健委"
FIRST, CENTRAL, JIANGBEI = "江城大学附属第一医院", "江城市中心医院", "江北区人民医院"
DONGHU, MIANYANG = "东湖医学院附属医院", "仙桃市江汉医院"

# name, short name, the city it stands in, the city that reviews ("" = 免市局审核), telephone
BASES = (
    (FIRST, "江大附一", WUHAN, WUHAN, "027-5555-0160"),
    (CENTRAL, "中心医院", WUHAN, WUHAN, "027-5555-0170"),
    (JIANGBEI, "江北医院", WUHAN, WUHAN, "027-5555-0180"),
    (DONGHU, "东湖附院", PROVINCE, "", "027-5555-0190"),
    (MIANYANG, "江汉医院", XIANTAO, XIANTAO, "0728-555-0150"),
)
TRAINED = ("0100", "0900", "1400", "1600")  # 内科 外科 骨科 妇产科: what every base trains


@dataclass
class Places:
    """The rows, by their names."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    specialties: dict[str, Specialty] = field(default_factory=dict)
    departments: dict[tuple[str, str], Department] = field(default_factory=dict)


def build() -> Places:
    """Found the province with its cities, bases, specialties and departments."""
    places = Places()
    _province_and_cities(places)
    _bases(places)
    _catalogue(places)
    return places


def _province_and_cities(places: Places) -> None:
    regions = json.loads((DATA / "regions_hubei.json").read_text(encoding="utf-8"))
    province = found(
        by=None,
        name=PROVINCE,
        short_name=regions["province"]["name"],
        code=regions["province"]["code"],
        level=Level.PROVINCE,
    )
    places.organisations[PROVINCE] = province
    for unit in regions["units"]:
        name = f"{unit['name']}卫健委"
        places.organisations[name] = found(
            by=None, name=name, short_name=unit["name"], code=unit["code"], level=Level.CITY, parent=province
        )


def _bases(places: Places) -> None:
    for number, (name, short_name, stands_in, reviewed_by, phone) in enumerate(BASES, start=1):
        parent = places.organisations[stands_in]
        places.organisations[name] = found(
            by=None,
            name=name,
            short_name=short_name,
            code=f"{parent.code}-{number:02}",
            level=Level.BASE,
            parent=parent,
            review_city=places.organisations.get(reviewed_by),
            phone=phone,
        )


def _catalogue(places: Places) -> None:
    """Reference data without a state: the specialties, and what each base has of them."""
    rows = json.loads((DATA / "specialties.json").read_text(encoding="utf-8"))
    for row in rows:
        if track := TRACKS.get(row["track"]):
            places.specialties[row["code"]] = Specialty.objects.create(
                code=row["code"], name=row["name"], track=track, months=row["months"]
            )
    for name, *_ in BASES:
        base = places.organisations[name]
        SpecialtyBase.objects.bulk_create(
            SpecialtyBase(base=base, specialty=places.specialties[code]) for code in TRAINED
        )
        departments = {dept for code in TRAINED for dept in schemes.departments_of(code)}
        rows_made = Department.objects.bulk_create(
            Department(base=base, name=dept) for dept in sorted(departments)
        )
        places.departments |= {(name, row.name): row for row in rows_made}
