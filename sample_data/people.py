"""Invented people (虚构人员): names, identity numbers and phones that are valid in form and can belong to
nobody.

Identity numbers carry the area code 119999. Beijing's codes have only ever been 1101xx (districts) and
1102xx (counties), so no authority ever issued a number that begins so, while form, birth date and check
digit (GB 11643) are right. Phones begin with 1400: a range kept for machines (DOMAIN 3.3 [S118]), with
thirteen digits, so one of eleven digits reaches nobody. Names are drawn from tables; a likeness to anybody
is chance.
"""

import random
from datetime import date
from functools import lru_cache

from benefits.kernel.ids import Sex, resident_check_digit

AREA = 119999
_PER_DAY_AND_SEX = 500
_SPREAD = 211  # has no factor in common with 500, so order numbers look drawn and never repeat

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗" * 6
    + "梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕" * 3
    + "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤"
    + "尹黎易常武乔贺赖龚文"
    + "单仇解区查翟缪朴盖乐覃牟员卜召隗谌郗"
)
_COMPOUND = ("欧阳", "上官", "诸葛", "司马", "尉迟", "令狐", "慕容", "长孙", "单于", "万俟")
_MALE = (
    "伟强磊军洋勇杰涛超明刚平辉鹏飞鑫波斌宇浩凯健俊帆帅旭宁龙林阳建国志文海山福生元全胜学祥才发武新利清彬富顺信昌成康星光达安岩中茂进坚和"
    "彪博诚先敬震振壮会群豪心邦承绍功松厚庆民友裕河哲江亮政谦亨奇固翰朗伯宏言若鸣梁栋维启克伦翔泽晨辰士以家致树炎德行时泰盛雄琛钧冠策腾楠榕风航弘"
)
_FEMALE = (
    "秀娟英华慧巧美娜静淑惠珠翠雅芝玉萍红娥玲芬芳燕彩春菊兰凤洁梅琳素云莲真环雪荣爱妹霞香月莺媛艳瑞凡佳嘉琼勤珍贞莉桂娣叶璧璐娅琦晶妍茜秋珊莎锦"
    "黛青倩婷姣婉娴瑾颖露瑶怡婵雁蓓纨仪荷丹蓉眉君琴蕊薇菁梦岚苑婕馨瑗琰韵融园艺咏卿聪澜纯毓悦昭爽琬茗羽希宁欣飘育滢馥筠柔竹霭凝晓欢枫芸菲寒伊亚宜可舒影荔思丽"
)
_DOTTED_MALE = ("买买提·吐尔逊", "艾力·阿不都", "扎西·次仁", "努尔兰·哈再孜", "多吉·旺堆", "玉素甫·艾山")
_DOTTED_FEMALE = (
    "阿依古丽·买买提",
    "热依汗·肉孜",
    "卓玛·央金",
    "古丽娜尔·哈力克",
    "帕提古丽·玉苏甫",
    "白玛·拉姆",
)


def invented_name(rng: random.Random, sex: Sex) -> str:
    """A name: mostly a surname and two characters, now and then one, a compound surname or a dotted name."""
    male = sex is Sex.MALE
    draw = rng.random()
    if draw < 0.004:
        return rng.choice(_DOTTED_MALE if male else _DOTTED_FEMALE)
    given = _MALE if male else _FEMALE
    surname = rng.choice(_COMPOUND) if draw < 0.009 else _SURNAMES[int(rng.random() * len(_SURNAMES))]
    first = given[int(rng.random() * len(given))]
    return surname + first if draw > 0.82 else surname + first + given[int(rng.random() * len(given))]


class Numbers:
    """Gives out identity numbers and phones, each once. What it keeps grows with the days of birth, not
    with the people.
    """

    def __init__(self) -> None:
        self._given: dict[tuple[int, bool], int] = {}
        self._phones = 0

    def identity(self, birth: date, sex: Sex) -> str:
        """A resident identity number of nobody."""
        key = (birth.toordinal(), sex is Sex.MALE)
        given = self._given[key] = self._given.get(key, -1) + 1
        return _number(AREA - given // _PER_DAY_AND_SEX, birth, given, key[1])

    def identity_where(self, birth: date, sex: Sex, last: str) -> str:
        """The next one of that day that ends in ``last``."""
        while not (number := self.identity(birth, sex)).endswith(last):
            pass
        return number

    def phone(self) -> str:
        """A phone number of nobody."""
        self._phones += 1
        return f"1400{self._phones * 7919 % 10_000_000:07d}"


def card_number(member: int) -> str:
    """The number of the service card (京卡) of the ``member``-th person: sixteen digits that begin with 9999,
    which no bank's card does, spread so that tails differ.
    """
    return f"999900{member * 7919 % 10_000_000_000:010d}"


def _number(area: int, birth: date, given: int, male: bool) -> str:
    order = (given * _SPREAD + birth.toordinal() * 17) % _PER_DAY_AND_SEX * 2 + male
    first = f"{area}{_day(birth)}{order:03d}"
    return first + resident_check_digit(first)


@lru_cache(maxsize=40_000)
def _day(birth: date) -> str:
    return f"{birth:%Y%m%d}"
