"""Forms of pages: one field template, all faults at once, nothing lost, a verb's refusal at its field."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from hocvuso.base.errors import Refusal
from hocvuso.base.versions import expect
from hocvuso.documents.models import OfficialDocument
from hocvuso.people.models import Person
from hocvuso.units.models import Unit
from hocvuso.web.kit import forms


class Colour(models.TextChoices):
    RED = "red", "đỏ"
    GREEN = "green", "xanh"


class NoGood(Refusal):
    """A refusal."""

    says = "Không được."


class CriterionForm(forms.Form):
    name = forms.TextField(label="Tên")
    points = forms.NumberField(label="Điểm", whole=True, required=False)


class EveryForm(forms.Form):
    row_forms = {"criteria": CriterionForm}
    html_names = {"colour": "mau"}
    title = forms.TextField(label="Tiêu đề", max_length=10, help_text="Ngắn thôi.", attrs={"autocomplete": "off"})
    notes = forms.LinesField(label="Ghi chú", required=False)
    bases = forms.ListField(label="Căn cứ", required=False)
    count = forms.NumberField(label="Số người", whole=True, min_value=1)
    share = forms.NumberField(label="Tỉ lệ", required=False, max_value=100)
    day = forms.DayField(label="Ngày")
    colour = forms.ChoiceField(label="Màu", choices=Colour, blank="Chọn")
    kinds = forms.ChoicesField(label="Loại", choices=Colour, required=False)
    sure = forms.CheckField(label="Tôi chắc chắn")


ROWS = {"criteria-TOTAL_FORMS": "3", "criteria-INITIAL_FORMS": "0"}
GOOD = ROWS | {"title": "Lớp", "count": "1.200", "day": "2026-11-24", "mau": "red", "sure": "on"}


def sent(fields):
    query = QueryDict(mutable=True)
    for name, value in fields.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return EveryForm(query)


class TestReading:
    def test_what_was_typed_becomes_values(self):
        more = {"notes": "a\r\nb ", "bases": "Luật A\n\n Nghị định B ", "share": "12,5", "kinds": ["red", "green"]}
        form = sent(GOOD | more | {"title": "  Lơ\u0301p\u200b học\u0007 "})
        assert form.is_valid(), form.errors
        kept = form.arguments()
        assert kept["title"] == "L\u1edbp học" and kept["notes"] == "a\nb"
        assert kept["bases"] == ["Luật A", "Nghị định B"] and kept["kinds"] == ["red", "green"]
        assert (kept["count"], kept["share"], kept["day"]) == (1200, Decimal("12.5"), date(2026, 11, 24))

    def test_numbers_are_read_by_the_language_of_the_page(self):
        with translation.override("en"):
            assert sent(GOOD | {"count": "1,200", "share": "12.5"}).is_valid()
        assert list(sent(GOOD | {"count": "1,200"}).errors) == ["count"]

    @pytest.mark.parametrize("typed", ["1.5", "12.34", "1,5", "abc", "١٢", "1e3", "--1", "9" * 40])
    def test_a_count_that_is_none_is_never_guessed(self, typed):
        assert list(sent(GOOD | {"count": typed}).errors) == ["count"]

    def test_days_are_read_as_people_write_them(self):
        assert sent(GOOD | {"day": "24/11/2026"}).is_valid()
        for typed in ("30/02/2026", "0202-01-01", "ngày mai"):
            assert list(sent(GOOD | {"day": typed}).errors) == ["day"]

    def test_a_choice_that_is_not_offered_is_named(self):
        assert "“tím” không có" in sent(GOOD | {"mau": "tím"}).errors["colour"][0]

    def test_a_number_stands_in_its_input_as_it_is_read(self):
        form = EveryForm(initial={"count": 1200, "share": Decimal("12.50")})
        assert form["count"].value() == "1200" and form["share"].value() == "12,5"

    def test_an_input_has_one_type(self):
        class SearchForm(forms.Form):
            text = forms.TextField(attrs={"type": "search"})

        assert '<input type="search" name="text" aria' in str(SearchForm())

    def test_a_file_is_of_its_kinds_and_size(self):
        class FileForm(forms.Form):
            file = forms.FileField(label="Tệp", most=10, kinds=(".csv",))

        for name, size, fault in (("a.csv", 10, ""), ("a.csv", 11, "lớn quá"), ("a.exe", 1, ".csv")):
            form = FileForm(QueryDict(), {"file": SimpleUploadedFile(name, b"x" * size)})
            assert form.is_valid() == (not fault) and fault in str(form.errors)

    def test_how_long_a_text_may_be_is_said_by_its_column(self):
        assert forms.max_of(Person, "name") == 120


class TestFaults:
    class SearchForm(forms.Form):
        words = forms.TextField(label="Có chữ", attrs={"type": "search"})

    def test_five_faults_are_named_at_once_and_all_that_was_typed_stays(self):
        form = sent(ROWS | {"title": "Dài quá mười chữ", "count": "0", "share": "x", "day": "32/13/2026", "mau": ""})
        page = str(form)
        assert set(form.errors) == {"title", "count", "share", "day", "colour", "sure"} and form.status == 400
        assert "Có 6 chỗ cần sửa" in page and '<a href="#title">Tiêu đề</a>' in page and '<a href="#mau">' in page
        for typed in ("Dài quá mười chữ", "0", "x", "32/13/2026"):
            assert f'value="{typed}"' in page
        assert '<input type="text" name="day"' in page  # a calendar would show nothing

    def test_a_fault_is_tied_to_its_input(self):
        page = str(sent(GOOD | {"title": ""})["title"].as_field_group())
        assert 'aria-invalid="true"' in page and 'aria-describedby="hint-title error-title"' in page
        assert 'id="hint-title"' in page and 'id="error-title"' in page and 'for="title"' in page

    def test_what_one_may_leave_is_marked(self):
        form = EveryForm()
        assert "không bắt buộc" in form["notes"].as_field_group() and 'aria-required="true"' in str(form["title"])
        assert "không bắt buộc" not in form["title"].as_field_group() and form.status == 200

    def test_an_input_has_its_keyboard(self):
        form = EveryForm()
        assert 'inputmode="numeric"' in str(form["count"]) and 'inputmode="decimal"' in str(form["share"])
        assert str(self.SearchForm()["words"]).count("type=") == 1 and 'type="search"' in str(self.SearchForm())
        assert 'type="date"' in str(form["day"]) and 'autocomplete="off"' in str(form["title"])


class TestVerbs:
    def refusing(self, field=""):
        def verb(**_values):
            raise NoGood(field=field)

        return verb

    def test_a_verb_takes_what_was_typed_and_its_answer_is_kept(self):
        form = sent(GOOD)
        assert form.attempt(lambda *, title, by, **_rest: (title, by), by="An") and form.done == ("Lớp", "An")

    def test_a_form_that_is_not_sent_or_faulty_runs_nothing(self):
        for form in (EveryForm(), sent(ROWS)):
            assert not form.attempt(self.refusing("none"))

    def test_a_refusal_lands_on_its_field(self):
        form = sent(GOOD)
        assert not form.attempt(self.refusing("colour")) and form.status == 400
        assert form.errors == {"colour": ["Không được."]} and 'id="error-mau"' in str(form)

    def test_a_refusal_of_no_field_concerns_the_whole(self):
        for field in ("", "khac"):
            form = sent(GOOD)
            form.attempt(self.refusing(field))
            assert form.non_field_errors() == ["Không được."] and 'role="alert"' in form.faults

    def test_a_refusal_lands_on_the_row_that_it_names(self):
        form = sent(GOOD | {"criteria-1-name": "Một", "criteria-2-name": "Hai"})
        assert not form.attempt(self.refusing("criteria.1.points")) and form.status == 400
        assert form.rows["criteria"].forms[2].errors == {"points": ["Không được."]}
        assert '<a href="#criteria-2-points">' in form.faults


class TestRows:
    def test_rows_that_are_empty_or_removed_are_none(self):
        form = sent(GOOD | {"criteria-0-name": "Một", "criteria-2-name": "Ba", "criteria-2-DELETE": "on"})
        assert form.is_valid() and form.arguments()["criteria"] == [{"name": "Một", "points": None}]

    def test_a_fault_in_a_row_is_a_fault_of_the_form(self):
        form = sent(GOOD | {"criteria-1-points": "5"})
        assert not form.is_valid() and '<a href="#criteria-1-name">Dòng 2, Tên</a>: Hãy điền ô này.' in str(form)

    def test_rows_are_told_apart_in_english_too(self):
        with translation.override("en"):
            page = str(sent(GOOD | {"criteria-0-points": "5", "criteria-2-points": "5"}))
        assert ">Row 1, Tên</a>" in page and ">Row 3, Tên</a>" in page

    def test_there_are_spare_rows_without_a_script_and_a_template_with_one(self):
        page = str(EveryForm(initial={"criteria": [{"name": "Một"}]}))
        assert 'name="criteria-3-name"' in page and 'name="criteria-__prefix__-name"' in page and 'value="Một"' in page

    def test_a_row_that_stays_as_it_was_is_still_a_row(self):
        before = {"criteria": [{"name": "Một"}]}
        form = EveryForm(QueryDict(urlencode(GOOD | {"criteria-0-name": "Một"})), initial=before)
        assert form.is_valid() and form.arguments()["criteria"] == [{"name": "Một", "points": None}]

    def test_a_row_that_was_there_may_be_emptied(self):
        form = sent(GOOD | {"criteria-INITIAL_FORMS": "2", "criteria-0-name": "", "criteria-1-name": "Hai"})
        assert form.is_valid() and form.arguments()["criteria"] == [{"name": "Hai", "points": None}]


@pytest.mark.django_db
class TestRowsInReach:
    class UnitForm(forms.Form):
        unit = forms.UnitField(label="Đơn vị", blank="Tất cả")

    def test_only_units_in_reach_can_be_chosen(self, cast):
        within = {"unit": Unit.objects.filter(pk=cast.here.pk)}
        assert self.UnitForm(QueryDict(f"unit={cast.here.pk}"), within=within).is_valid()
        for key in (cast.school.pk, "abc"):
            fault = self.UnitForm(QueryDict(f"unit={key}"), within=within).errors["unit"]
            assert fault == [f"“{key}” không có trong danh sách để chọn."]
        assert not self.UnitForm(QueryDict("unit=%00"), within=within).is_valid()
        assert cast.here.name in str(self.UnitForm(within=within))


class TestChoicesThatAreNone:
    class ColourForm(forms.Form):
        colour = forms.ChoiceField(label="Màu", choices=Colour)

    def test_no_entry_of_the_list_looks_chosen(self):
        form = self.ColourForm(QueryDict("colour=tím"))
        assert '<option value="" selected>Hãy chọn một mục.</option>' in str(form["colour"])

    @pytest.mark.parametrize("query", ["colour=red", ""])
    def test_else_the_list_is_as_it_is(self, query):
        assert 'value=""' not in str(self.ColourForm(QueryDict(query))["colour"])


class TestFilters:
    class ListFilter(forms.FilterForm):
        html_names = {"kind": "loai", "since": "tu"}
        kind = forms.ChoiceField(label="Loại", choices=Colour, blank="Tất cả")
        since = forms.DayField(label="Từ ngày")
        text = forms.TextField(label="Có chữ")

    def test_what_cannot_be_read_is_named_and_not_applied(self):
        form = self.ListFilter.of(RequestFactory().get("/?loai=red&tu=hom-qua"))
        assert form.asked == {"kind": "red", "since": None, "text": ""}
        assert "error-tu" in form["since"].as_field_group() and 'value="hom-qua"' in str(form["since"])

    def test_nothing_is_required_and_nothing_is_marked(self):
        form = self.ListFilter.of(RequestFactory().get("/"))
        assert form.is_valid() and "không bắt buộc" not in str(form)


@pytest.mark.django_db
class TestVersions:
    """A document stands for everything that several people may change."""

    class EditForm(forms.Form):
        row_forms = {"criteria": CriterionForm}
        version = forms.VersionField()
        title = forms.TextField(label="Trích yếu")
        kind = forms.ChoiceField(label="Loại", choices=OfficialDocument.Kind)

    class SeenForm(forms.Form):
        documents = forms.SeenRowsField(label="Văn bản")

    @pytest.fixture
    def document(self, cast):
        return OfficialDocument.objects.create(unit=cast.here, kind="KH", title="Đang lưu", written_by=cast.an)

    def edit(self, document, version):
        def verb(*, version, **_typed):
            expect(document, version)

        return self.EditForm(QueryDict(f"version={version}&title=Tôi&kind=BC&{urlencode(ROWS)}")), verb

    def test_each_change_is_the_next_version(self, document):
        form, verb = self.edit(document, 1)
        assert form.attempt(verb)
        document.refresh_from_db()
        assert document.version == 2

    def test_who_does_not_say_what_they_saw_changes_what_they_read(self, document):
        expect(document, None)
        assert OfficialDocument.objects.get().version == 2

    def test_a_change_of_what_was_seen_before_is_refused_and_carries_the_new_version(self, document):
        expect(document, 1)
        form, verb = self.edit(document, 1)
        assert not form.attempt(verb) and form.status == 409 and form["version"].value() == 2
        document.refresh_from_db()
        assert document.version == 2

    def test_both_texts_stand_side_by_side_with_what_was_sent_beside_the_form(self, document):
        expect(document, 1)
        form, verb = self.edit(document, 1)
        form.attempt(verb)
        page = forms.answer(RequestFactory().post("/", {"act": "keep", "title": "Tôi"}), "", form)
        assert page.status_code == 409
        assert "Đang lưu" in page.text and 'value="Tôi"' in page.text and "Kế hoạch" in page.text
        assert '<input type="hidden" name="act" value="keep">' in page.text and 'value="2"' in page.text

    def test_ticked_rows_come_with_the_version_that_was_seen(self, document):
        within = {"documents": OfficialDocument.objects.all()}
        assert f'value="{document.pk}@1"' in str(self.SeenForm(within=within))
        form = self.SeenForm(QueryDict(f"documents={document.pk}@1"), within=within)
        assert form.is_valid() and form.cleaned_data["documents"] == [(document, 1)]

    @pytest.mark.parametrize("tick", ["x@1", "{key}@x", "{key}", "{key.hex}@1", "{key}@" + "9" * 5000])
    def test_a_tick_that_says_no_version_is_refused(self, document, tick):
        form = self.SeenForm(
            QueryDict(f"documents={tick.format(key=document.pk)}"), within={"documents": OfficialDocument.objects.all()}
        )
        assert not form.is_valid()


class TestRedrawing:
    def test_a_button_that_only_redraws_keeps_what_was_typed_and_judges_nothing(self):
        form = EveryForm.of(
            RequestFactory().post("/", ROWS | {"pick": "1", "title": "Dài quá mười chữ"}), redraw="pick"
        )
        assert not form.is_bound and form["title"].value() == "Dài quá mười chữ" and form.status == 200


class TestSteps:
    class LessonSteps(forms.StepForm):
        steps = {"open": lambda *, version, by: f"open {version} {by}", "shut": lambda *, version, by: "shut"}
        version = forms.VersionField()

    def test_the_verb_of_the_button_is_run_on_what_was_seen(self):
        form = self.LessonSteps(QueryDict("step=open&version=3"))
        assert form.take(by="An") and form.done == "open 3 An"

    @pytest.mark.parametrize("pressed", ["", "step=burn", "step=%00", "step=open&version=x"])
    def test_a_step_that_is_none_is_refused(self, pressed):
        form = self.LessonSteps(QueryDict(pressed))
        assert not form.take(by="An") and form.status == 400 and str(form.faults)


@pytest.mark.django_db
class TestOnce:
    class NewForm(forms.Form):
        once = forms.OnceField()
        title = forms.TextField(label="Tên", max_length=9)
        file = forms.FileField(label="Tệp", most=99, required=False)

    def press(self, title="Một", token="a", file=b""):
        files = MultiValueDict({"file": [SimpleUploadedFile("a.txt", file)]} if file else {})
        form = self.NewForm(QueryDict(f"once={token}&title={title}&csrfmiddlewaretoken={uuid4()}"), files)
        form.attempt(self.make)
        return form

    @staticmethod
    def make(*, title, file=None):
        by = Person.objects.first()
        return OfficialDocument.objects.create(unit=Unit.objects.first(), kind="KH", title=title, written_by=by)

    @pytest.fixture(autouse=True)
    def _there(self, cast):
        """A unit."""

    def test_a_second_press_is_led_to_what_the_first_made(self):
        assert self.press().done.pk == self.press().done.pk and OfficialDocument.objects.count() == 1

    def test_also_with_a_file_which_is_still_read(self):
        assert self.press(file=b"abc").done.pk == self.press(file=b"abc").done.pk != self.press(file=b"abd").done.pk

    def test_another_page_or_other_words_are_another_act(self):
        made = [
            self.press(),
            self.press(token="b"),
            self.press(title="Hai"),
            self.press(token=""),
            self.press(token=""),
        ]
        assert len({form.done.pk for form in made}) == OfficialDocument.objects.count() == 5

    def test_what_is_refused_may_be_pressed_again(self):
        assert self.press(title="Dài hơn chín chữ").status == 400
        assert self.press(title="Ngắn").status == 200 and OfficialDocument.objects.count() == 1

    def test_each_page_has_its_own_and_a_page_with_faults_keeps_it(self):
        drawn = {re.search('name="once" value="([^"]{20,})"', str(self.NewForm())).group(1) for _ in range(3)}
        assert len(drawn) == 3 and 'name="once" value="a"' in str(self.press(title=""))

    def test_a_token_is_no_argument_and_no_id_of_the_page(self):
        assert "once" not in self.press().arguments() and 'id="once"' not in str(self.NewForm())
