from datetime import date

import pytest

from shishin.era import era_year, fiscal_year, short_wareki, span, wareki


@pytest.mark.parametrize(
    ("iso", "said"),
    [
        ("2019-04-30", "平成31年4月30日"),
        ("2019-05-01", "令和元年5月1日"),
        ("2020-03-04", "令和2年3月4日"),
        ("1989-01-07", "昭和64年1月7日"),
        ("1989-01-08", "平成元年1月8日"),
        ("2015-10-16", "平成27年10月16日"),
        ("2019-04", "平成31年4月"),
        ("2019-12", "令和元年12月"),
        ("2019", "令和元年"),
        ("2027", "令和9年"),
    ],
)
def test_wareki(iso: str, said: str) -> None:
    assert wareki(iso) == said


def test_weekday_is_computed() -> None:
    assert wareki("2019-11-06", weekday=True) == "令和元年11月6日（水）"
    assert wareki("2020-02-02", weekday=True) == "令和2年2月2日（日）"


def test_fiscal_year() -> None:
    assert fiscal_year("2020-03-04") == "令和元年度"
    assert fiscal_year("2019-04-01") == "令和元年度"
    assert fiscal_year("2019-03-31") == "平成30年度"
    assert fiscal_year("2020-04-01") == "令和2年度"
    assert fiscal_year("1989-04-01") == "平成元年度"


def test_spans_name_the_era_again_only_where_it_changes() -> None:
    assert span("2019-04-01", "2019-05-31") == "平成31年4月1日から令和元年5月31日まで"
    assert span("2019-10-01", "2019-11-06") == "令和元年10月1日から11月6日まで"
    assert span("2019-12-19", "2020-01-15") == "令和元年12月19日から令和2年1月15日まで"


def test_short_form() -> None:
    assert short_wareki("2020-03-04") == "R2.3.4"
    assert short_wareki("2019-04") == "H31.4"


def test_before_meiji() -> None:
    with pytest.raises(ValueError, match="Meiji"):
        era_year(date(1800, 1, 1))
