"""Fields of periods, units by name and several files."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import RequestFactory
from django.utils.datastructures import MultiValueDict

from hocvuso.units.models import Unit
from hocvuso.web.kit import forms


class PeriodForm(forms.Form):
    period = forms.PeriodField(label="Kỳ")


class PeriodFilter(forms.FilterForm):
    html_names = {"period": "ky"}
    period = forms.PeriodField(label="Kỳ")


class FilesForm(forms.Form):
    files = forms.FilesField(label="Tệp", most=10, most_files=2)


class UnitForm(forms.Form):
    unit = forms.NamedUnitField(label="Đơn vị")


def chosen(*sizes):
    files = [SimpleUploadedFile(f"{n}.pdf", b"x" * size) for n, size in enumerate(sizes)]
    return FilesForm(QueryDict(), MultiValueDict({"files": files}))


class TestPeriods:
    @pytest.mark.parametrize(("typed", "code"), [("2026-Q3", "2026-Q3"), (" 2026-q3 ", "2026-Q3"), ("2026", "2026")])
    def test_a_period_is_read_as_its_code(self, typed, code):
        form = PeriodForm({"period": typed})
        assert form.is_valid() and form.cleaned_data["period"] == code

    @pytest.mark.parametrize("typed", ["", "x", "31/02", "2026-13", "\0", "9" * 100_000, "-2026"])
    def test_what_is_none_is_said(self, typed):
        assert list(PeriodForm({"period": typed}).errors) == ["period"]

    def test_a_filter_begins_with_its_defaults(self):
        for query, code in (("", "2026"), ("?ky=2025", "2025"), ("?ky=x", "")):
            form = PeriodFilter.of(RequestFactory().get(f"/{query}"), defaults={"period": "2026"})
            assert form.asked["period"] == code


class TestFiles:
    def test_several_are_a_list(self):
        form = chosen(1, 2)
        assert form.is_valid() and [file.name for file in form.cleaned_data["files"]] == ["0.pdf", "1.pdf"]
        assert " multiple" in str(FilesForm())

    @pytest.mark.parametrize(
        ("sizes", "said"),
        [((), "chọn một tệp"), ((1, 1, 1), "nhiều nhất 2"), ((1, 11), "lớn quá"), ((0, 1), "không có gì")],
    )
    def test_too_many_too_large_or_none_is_said(self, sizes, said):
        assert said in str(chosen(*sizes).errors)

    def test_where_none_is_needed_there_is_an_empty_list(self):
        form = chosen()
        form.fields["files"].required = False
        assert form.is_valid() and form.cleaned_data["files"] == []


@pytest.mark.django_db
class TestNamedUnits:
    def read(self, text, units):
        return UnitForm({"unit": text}, within={"unit": units})

    @pytest.mark.parametrize("typed", ["T-1", "t-1", "Trường Một", "truong mot", "T-1 · Trường Một"])
    def test_a_unit_is_known_by_its_code_or_name(self, cast, typed):
        form = self.read(typed, Unit.objects.all())
        assert form.is_valid() and form.cleaned_data["unit"] == cast.school

    @pytest.mark.parametrize("typed", ["", "?", "Trường", "SO-2", "Sở Hai", "\0", "x" * 100_000])
    def test_what_names_none_or_one_out_of_reach_is_said(self, cast, typed):
        assert list(self.read(typed, Unit.objects.under(cast.here)).errors) == ["unit"]

    def test_it_is_shown_as_it_is_read(self, cast):
        form = UnitForm(initial={"unit": cast.school}, within={"unit": Unit.objects.all()})
        assert form["unit"].value() == "T-1 · Trường Một" and self.read(form["unit"].value(), Unit.objects).is_valid()
