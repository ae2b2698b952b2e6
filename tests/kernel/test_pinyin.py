import random
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benefits.kernel.pinyin import KeyKind, classify_query, readings, search_keys
from benefits.kernel.text import COMPOUND_SURNAMES


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("张三", [("zhangsan", "zs")]),
        ("曾伟", [("zengwei", "zw"), ("cengwei", "cw")]),
        ("单雄信", [("shanxiongxin", "sxx"), ("danxiongxin", "dxx")]),
        ("仇英", [("qiuying", "qy"), ("chouying", "cy")]),
        ("盖叫天", [("gejiaotian", "gjt"), ("gaijiaotian", "gjt")]),
        ("覃小明", [("qinxiaoming", "qxm"), ("tanxiaoming", "txm")]),
        ("尉迟恭", [("yuchigong", "ycg"), ("weichigong", "wcg")]),
        ("万俟卨", [("moqixie", "mqx"), ("wanqixie", "wqx")]),
        ("长孙无忌", [("zhangsunwuji", "zswj")]),
        ("澹台灭明", [("tantaimieming", "ttmm"), ("dantaimieming", "dtmm")]),
        ("单于浩", [("chanyuhao", "cyh"), ("shanyuhao", "syh"), ("danyuhao", "dyh")]),
        ("欧阳修", [("ouyangxiu", "oyx")]),
        ("吕布", [("lvbu", "lb")]),
        ("买买提·吐尔逊", [("maimaitituerxun", "mmttex")]),
        ("Anna Lee", [("annalee", "annalee")]),
        ("龴", []),
        ("", []),
    ],
)
def test_readings(name: str, expected: list[tuple[str, str]]) -> None:
    assert list(readings(name)) == expected


@pytest.mark.parametrize(
    ("surname", "pinyin"),
    [
        pair.split("=")
        for pair in [
            "曾=zeng",
            "单=shan",
            "仇=qiu",
            "解=xie",
            "区=ou",
            "查=zha",
            "朴=piao",
            "盖=ge",
            "乐=yue",
            "翟=zhai",
            "黑=he",
            "折=she",
            "秘=bi",
            "种=chong",
            "缪=miao",
            "召=shao",
            "员=yun",
            "牟=mu",
            "祭=zhai",
            "卜=bu",
            "繁=po",
            "覃=qin",
            "任=ren",
            "华=hua",
            "纪=ji",
            "沈=shen",
            "尹=yin",
            "宁=ning",
            "葛=ge",
            "柏=bai",
        ]
    ],
)
def test_surnames_come_rightly_first(surname: str, pinyin: str) -> None:
    assert readings(f"{surname}伟")[0][0] == f"{pinyin}wei"


def test_a_compound_surname_needs_a_given_name() -> None:
    assert readings("单于")[0][0] == "shanyu"
    assert all(readings(f"{surname}明") for surname in COMPOUND_SURNAMES)


def test_keys_of_one_member() -> None:
    keys = search_keys("曾小明", "110112197001050025", "13800138000", "6214680012345678")
    assert len(keys) == len(set(keys))
    assert set(keys) == {
        (1, "曾小明"), (7, "小明"), (7, "明"),
        (2, "zengxiaoming"), (2, "cengxiaoming"), (8, "xiaoming"), (8, "ming"),
        (3, "zxm"), (3, "cxm"), (9, "xm"), (9, "m"),
        (4, "52005010"), (5, "000831"), (6, "876543"),
    }  # fmt: skip
    assert search_keys("丁") == ((1, "丁"), (2, "ding"), (3, "d"))
    assert search_keys("") == ()


def test_a_dotted_name_is_found_with_and_without_its_dot() -> None:
    keys = search_keys("买买提·吐尔逊")
    assert {(1, "买买提·吐尔逊"), (1, "买买提吐尔逊"), (7, "吐尔逊"), (8, "tuerxun"), (9, "tex")} <= set(keys)
    assert not any(key.startswith("·") for _, key in keys)


def found(query: str, keys: tuple[tuple[int, str], ...]) -> bool:
    return any(
        kind == probe and key.startswith(prefix)
        for probe, prefix in classify_query(query)
        for kind, key in keys
    )


@pytest.mark.parametrize(
    "query",
    [
        "曾小明", "小明", "曾 小明", "明", "zeng", "ZengXiaoMing", "zeng xiao ming", "ceng", "xiaom",
        "zxm", "cx", "xm", "0025", "050025", "０１０５００２５", "110112197001050025", "8000",
        "138 0013 8000", "13800138000",
        "138-0013-8000", "5678", "6214 6800 1234 5678", " 0025\n",
    ],
)  # fmt: skip
def test_what_a_clerk_types_finds_the_member(query: str) -> None:
    assert found(query, search_keys("曾小明", "110112197001050025", "13800138000", "6214680012345678"))


@pytest.mark.parametrize(
    "query", ["李", "曾明", "zengm", "0024", "13800138001", "zmx", "x明", "", "  ", "%", "*", "'", "()"]
)
def test_what_does_not_fit_does_not_find(query: str) -> None:
    assert not found(query, search_keys("曾小明", "110112197001050025", "13800138000", "6214680012345678"))


@pytest.mark.parametrize(
    ("query", "name"),
    [("lü", "吕布"), ("lvbu", "吕布"), ("lyu bu", "吕布"), ("LYUBU", "吕布"), ("wanglyu", "王绿"),
     ("nyuwa", "女娃"), ("wanyu", "万宇"),
     ("吐尔", "买买提·吐尔逊"), ("买买提•", "买买提·吐尔逊"), ("买买提．吐", "买买提·吐尔逊"),
     ("lee", "Anna Lee"), ("anna l", "Anna Lee"),
     ("ouyang", "欧阳修"), ("oy", "欧阳修"), ("yang", "欧阳修"), ("𬭎", "张𬭎"), ("\ue81e", "张龴")],
)  # fmt: skip
def test_spellings_and_names_of_other_kinds(query: str, name: str) -> None:
    assert found(query, search_keys(name))


def test_an_id_that_ends_in_x_is_found_by_its_tail() -> None:
    keys = search_keys("王五", "11010519491231002X")
    assert found("002x", keys) and found("31002X", keys)
    assert classify_query("002x") == [(KeyKind.ID_TAIL, "X200")]
    assert found("E12345678", search_keys("Anna Lee", "E12345678"))


@given(st.text(max_size=200))
def test_any_query_gives_probes_that_are_no_longer_than_keys(text: str) -> None:
    for kind, prefix in classify_query(text):
        assert isinstance(kind, KeyKind) and 0 < len(prefix) <= 60


@given(st.text(max_size=60), st.text(max_size=20))
def test_keys_of_anything_fit_the_column(name: str, number: str) -> None:
    for kind, key in search_keys(name, number, number, number):
        assert kind in set(KeyKind) and 0 < len(key) <= 60


def test_pypinyin_is_not_imported_until_a_name_is_read() -> None:
    code = "import sys, benefits.kernel.pinyin as p; p.classify_query('zs')"
    subprocess.run([sys.executable, "-c", f"{code}; sys.exit('pypinyin' in sys.modules)"], check=True)


def test_a_million_names_take_seconds_not_minutes() -> None:
    chosen = random.Random(7)
    surnames, given_names = "王李张刘陈曾单覃欧赵", [chr(0x4E00 + chosen.randrange(3000)) for _ in range(400)]
    names = [chosen.choice(surnames) + "".join(chosen.sample(given_names, 2)) for _ in range(20_000)]
    for name in names[:2000]:
        readings(name)
    started = time.process_time()
    for name in names:
        readings(name)
    assert len(names) / (time.process_time() - started) > 50_000
