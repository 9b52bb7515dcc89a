"""The 50 titles of the demo publisher, invented for it: six disciplines, printed prices, copies in stock."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from stdnum.ean import calc_check_digit

DISCIPLINES: Final = {
    "A": ("建筑", "Architecture"),
    "S": ("结构", "Structures"),
    "W": ("给水排水", "Water and drainage"),
    "H": ("暖通空调", "Heating and ventilation"),
    "E": ("电气", "Electrical"),
    "R": ("市政道路", "Roads and public works"),
}

# Discipline, first number, then name and printed price in yuan. 46.50 + 49.50 = 96.00, but a line of each costs a cent more at 65 %.
_SERIES: Final = (
    (
        "A",
        101,
        (
            ("住宅建筑构造", "96"),
            ("屋面防水与保温", "128"),
            ("外墙外保温节点", "69"),
            ("楼梯与栏杆", "58"),
            ("门窗选用与安装", "46.50"),
            ("无障碍设施", "49.50"),
            ("室内吊顶与隔墙", "75"),
            ("公共卫生间布置", "42"),
            ("中小学教学楼详图", "118"),
        ),
    ),
    (
        "S",
        201,
        (
            ("框架节点配筋构造", "138"),
            ("剪力墙边缘构件", "98"),
            ("钢结构连接节点", "168"),
            ("独立基础与筏板", "86"),
            ("砌体结构抗震构造", "72"),
            ("叠合楼板拼缝", "108"),
            ("预埋件与吊钩", "54"),
            ("楼板洞口加强", "48"),
            ("挡土墙选用", "92"),
        ),
    ),
    (
        "W",
        301,
        (
            ("室内给水管道安装", "64"),
            ("建筑排水与通气", "56"),
            ("消火栓与水泵房", "112"),
            ("自动喷水布置", "88"),
            ("雨水收集与利用", "52"),
            ("太阳能热水系统", "78"),
            ("小型水处理构筑物", "124"),
            ("阀门井与检查井", "38"),
        ),
    ),
    (
        "H",
        401,
        (
            ("地面辐射供暖", "66"),
            ("通风管道与支吊架", "84"),
            ("多联机安装", "94"),
            ("地下车库通风", "58"),
            ("机房设备与管线", "132"),
            ("管道保温与防腐", "44"),
            ("厨房排油烟", "62"),
            ("防排烟系统设计示例", "116"),
        ),
    ),
    (
        "E",
        501,
        (
            ("配电箱与桥架安装", "76"),
            ("照明布置与控制", "62"),
            ("防雷与接地", "68"),
            ("应急照明与疏散", "82"),
            ("住宅弱电与布线", "54"),
            ("变配电室布置", "126"),
            ("充电设施安装", "88"),
            ("火灾报警系统示例", "106"),
        ),
    ),
    (
        "R",
        601,
        (
            ("城市道路横断面", "74"),
            ("人行道与盲道铺装", "45"),
            ("路基与路面结构", "98"),
            ("排水管道基础与接口", "68"),
            ("综合管廊断面", "142"),
            ("路灯基础与配线", "39"),
            ("停车场与出入口", "57"),
            ("海绵城市道路做法", "86"),
        ),
    ),
)

# Left of these titles there is little, so that an order soon meets the stock.
SHORT: Final = {"QH26-103": 96, "QH26-203": 60, "QH26-504": 24}
_LEAST_COPIES: Final = 900
_STEP: Final = 137
_SPREAD: Final = 2_100


def titles() -> list[tuple[str, str, str, Decimal]]:
    """Return code, name, discipline and list price (yuan) of the 50 titles, in order of their codes."""
    return [
        (f"QH26-{first + place}", name, discipline, Decimal(price))
        for discipline, first, names in _SERIES
        for place, (name, price) in enumerate(names)
    ]


def opening_copies(code: str, place: int) -> int:
    """Return how many copies of a title come in at the opening; `place` is its place in the list."""
    return SHORT.get(code, _LEAST_COPIES + place * _STEP % _SPREAD)


def isbn_of(place: int) -> str:
    """Return the invented ISBN of a title by its place in the list; its check digit is right."""
    digits = f"978799999{place:03}"
    return digits + calc_check_digit(digits)
