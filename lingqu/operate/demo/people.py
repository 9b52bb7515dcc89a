"""Who works at the demo's firms, and the firms themselves. All of it is invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lingqu.base.text import Text
from lingqu.organisation.states import POST_WORDS, FirmKind, PostCode

PUBLISHER: Final = ("QH", "青禾建筑标准设计所", "青禾建标")


@dataclass(frozen=True)
class DemoFirm:
    """A firm of the demo: `areas` and `delivery` are GB/T 2260 codes, `seller` the code of the firm that it buys from."""

    code: str
    name: str
    short_name: str
    kind: FirmKind
    seller: str
    grade: str
    division: str
    areas: tuple[str, ...]
    delivery: str
    address: str


@dataclass(frozen=True)
class DemoPerson:
    """A person of the demo; `login` is empty for those who only stand in the records."""

    key: str
    name: str
    post: PostCode
    firm: str
    login: str = ""
    telephone: str = ""

    @property
    def title(self) -> Text:
        """Return the name of the post."""
        return POST_WORDS[self.post]


JINAN: Final = "KH-3701-001"
WUHAN: Final = "KH-4201-002"
TAIYUAN: Final = "KH-1401-003"
ZHENGZHOU: Final = "KH-4101-004"
TAIAN: Final = "LS-3709-001"

FIRMS: Final = (
    DemoFirm(JINAN, "济南岱青书业有限公司", "济南岱青", FirmKind.AGENT, "QH", "A", "3701", ("37",), "370112", "济南市历城区工业北路 88 号"),
    DemoFirm(WUHAN, "武汉江平图集有限公司", "武汉江平", FirmKind.AGENT, "QH", "B", "4201", ("42",), "420106", "武汉市武昌区中北路 16 号"),
    DemoFirm(
        ZHENGZHOU,
        "郑州嵩原图集发行有限公司",
        "郑州嵩原",
        FirmKind.AGENT,
        "QH",
        "C",
        "4101",
        ("41",),
        "410105",
        "郑州市金水区农业路 32 号",
    ),
    DemoFirm(TAIYUAN, "太原汾上图书有限公司", "太原汾上", FirmKind.AGENT, "QH", "D", "1401", ("14",), "140105", "太原市小店区长风街 57 号"),
    DemoFirm(TAIAN, "泰安岱麓书店", "泰安岱麓", FirmKind.RETAILER, JINAN, "C", "3709", ("3709",), "370902", "泰安市泰山区东岳大街 209 号"),
)

PEOPLE: Final = (
    DemoPerson("director", "沈砚秋", PostCode.DIRECTOR, "QH", "shen", "010-5550-0101"),
    DemoPerson("deputy", "陆怀川", PostCode.DEPUTY, "QH", "huai", "010-5550-0106"),
    DemoPerson("board", "顾言礼", PostCode.BOARD, "QH", "gu", "010-5550-0107"),
    DemoPerson("other_board", "唐嘉木", PostCode.BOARD, "QH", "tang", "010-5550-0108"),
    DemoPerson("manager", "林知夏", PostCode.MANAGER, "QH", "lin", "010-5550-0102"),
    DemoPerson("representative", "周叙白", PostCode.REPRESENTATIVE, "QH", "zhou", "010-5550-0103"),
    DemoPerson("finance", "方若谷", PostCode.FINANCE, "QH", "fang", "010-5550-0104"),
    DemoPerson("warehouse", "郑石", PostCode.WAREHOUSE, "QH", "zheng", "010-5550-0105"),
    DemoPerson("researcher", "叶书珩", PostCode.RESEARCHER, "QH", "ye", "010-5550-0109"),
    DemoPerson("web", "白若溪", PostCode.WEB, "QH", "", "010-5550-0110"),
    DemoPerson("trainer", "季明远", PostCode.TRAINER, "QH", "", "010-5550-0111"),
    DemoPerson("technician", "程砚田", PostCode.TECHNICIAN, "QH", "", "010-5550-0112"),
    DemoPerson("jinan", "秦晓岚", PostCode.OWNER, JINAN, "qin", "0531-5550-3701"),
    DemoPerson("wuhan", "闻思齐", PostCode.OWNER, WUHAN, "wen", "027-5550-4201"),
    DemoPerson("jinan_clerk", "纪文舒", PostCode.CLERK, JINAN, "ji", "0531-5550-3702"),
    DemoPerson("taian", "陆一鸣", PostCode.CLERK, TAIAN, "lu", "0538-5550-3709"),
    DemoPerson("zhengzhou", "裴砚舟", PostCode.OWNER, ZHENGZHOU, "", "0371-5550-4101"),
    DemoPerson("taiyuan", "段云柏", PostCode.OWNER, TAIYUAN, "", "0351-5550-1401"),
    DemoPerson("taian_owner", "岳青岚", PostCode.OWNER, TAIAN, "", "0538-5550-3708"),
)
