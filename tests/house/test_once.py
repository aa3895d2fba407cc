"""Pressed twice, made once: every form whose press makes something bears a token (`forms.OnceField`)."""

import importlib
import pkgutil

import hocvuso.web
from hocvuso.web.kit import forms

# Forms of pages, without a token and without the version of what they change: why a second press makes nothing more.
WITHOUT = {
    "account.data.forms.EraseForm": "erases",
    "account.guardian.forms.ConsentForm": "a second answer to a request changes nothing",
    "account.guardian.forms.WardForm": "a consent is taken back once",
    "account.profile.forms.BirthYearForm": "base of others",
    "account.profile.forms.GuardianForm": "a guardian is asked once in ten minutes; sends while no transaction is open",
    "account.profile.forms.ProfileForm": "changes oneself",
    "account.profile.forms.StaffWelcomeForm": "changes oneself",
    "account.profile.forms.WelcomeForm": "changes oneself",
    "account.signin.forms.AddressForm": "codes are meant to be asked for again; few at a time",
    "account.signin.forms.CodeForm": "a code serves once",
    "account.signin.forms.FirstCodeForm": "a code serves once",
    "account.signin.forms.OnwardForm": "only where to go on to",
    "admin.certificates.forms.CertificateMoveForm": "a move from one state to another",
    "admin.certificates.forms.DecisionForm": "one decision on one request",
    "admin.imports.forms.ValuesForm": "what is there already is the same value",
    "kit.choosing.ChooserForm": "chooses",
    "kit.uploads.CarriedForm": "what is there already is the same row",
    "kit.uploads.ListForm": "what is there already is the same row",
    "learn.exams.forms.AnswerForm": "replaces the answer",
    "kit.naming.NameOnCertificateForm": "base of others",
    "learn.exams.forms.ClaimForm": "one certificate for each test",
    "learn.exams.forms.StartForm": "goes on with the test that is open",
    "learn.my_learning.forms.CorrectForm": "corrected twice is corrected once",
    "learn.my_learning.forms.ShowNameForm": "sets a choice",
    "learn.returning.forms.GoalForm": "sets a choice",
    "learn.returning.forms.RemindForm": "sets a choice",
    "office.consultations.forms.AnswerForm": "replaces the answer",
    "office.consultations.forms.HeadForm": "base of others",
    "office.consultations.forms.InviteForm": "a unit is invited once",
    "office.consultations.forms.RemoveForm": "removes",
    "office.consultations.forms.SendForm": "a move from one state to another",
    "office.guardians.forms.HandForm": "a consent is confirmed once",
    "office.indicators.forms.QualityCheckForm": "files each doubt once",
    "office.indices.forms.ComputeForm": "replaces what was computed",
    "office.inspections.forms.HeadForm": "base of others",
    "office.inspections.sheets.PhotoForm": "bears an id of the device",
    "office.inspections.sheets.SheetForm": "bears an id of the device",
    "office.plans.forms.ApproveForm": "a move from one state to another",
    "office.plans.forms.AssignForm": "a unit is given a task once",
    "office.plans.forms.DecideForm": "a move from one state to another",
    "office.plans.forms.PlanForm": "base of others",
    "office.plans.forms._Narrowed": "base of others",
    "office.reminders.forms.NoteForm": "each is urged once a day",
    "office.reminders.forms.PreferenceForm": "sets a choice",
    "office.reminders.forms.ReadForm": "marks as read",
    "office.reports.forms.AcceptForm": "a move from one state to another",
    "office.reports.forms.OpenForm": "a unit has one report for each period",
    "office.reports.forms.SectionForm": "a row of a form",
    "office.schemes.forms.SchemeForm": "base of others",
    "office.schemes.forms.SharesForm": "replaces the shares",
    "public.verification.forms.CheckerForm": "only looks",
    "public.verification.forms.NameForm": "only looks",
    "studio.drafts.forms.ActForm": "a move; what was taken out is not there a second time",
    "studio.drafts.forms.OptionRow": "a row of a form",
    "studio.drafts.forms.OutcomeRow": "a row of a form",
    "studio.drafts.forms.PictureRow": "a row of a form",
    "studio.drafts.forms.SourceRow": "a row of a form",
    "studio.drafts.forms_practices.BinRow": "a row of a form",
    "studio.drafts.forms_practices.MessageRow": "a row of a form",
    "studio.drafts.forms_practices.ReplyRow": "a row of a form",
    "studio.drafts.forms_practices.Row": "a row of a form",
    "studio.drafts.forms_practices.RuleRow": "a row of a form",
    "studio.drafts.forms_simulations.ElementRow": "a row of a form",
    "studio.drafts.forms_simulations.SlipRow": "a row of a form",
    "studio.editions.forms.MoveForm": "a move from one state to another",
    "studio.editions.forms.UploadForm": "the same archive is the same edition",
    "studio.editions.forms.WithdrawalForm": "one open request of an edition",
}


def _beneath(kind):
    for one in kind.__subclasses__():
        yield one
        yield from _beneath(one)


def test_every_form_that_makes_something_bears_a_token():
    for module in pkgutil.walk_packages(hocvuso.web.__path__, "hocvuso.web."):
        if ".tests" not in module.name:
            importlib.import_module(module.name)
    prefix = "hocvuso.web."
    found = set()
    for kind in _beneath(forms.Form):
        fields = kind.base_fields
        if kind.__module__.startswith(prefix) and ".tests" not in kind.__module__:
            changes = "version" in fields or issubclass(kind, forms.StepForm | forms.FilterForm)
            if "once" not in fields and not changes:
                found.add(f"{kind.__module__.removeprefix(prefix)}.{kind.__name__}")
    assert found == set(WITHOUT), "a form that makes something has `once = forms.OnceField()`"
