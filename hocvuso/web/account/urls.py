from django.urls import path

from . import data, factors, oidc, profile, signin

urlpatterns = [
    path("", profile.overview, name="account"),
    path("dang-nhap/", signin.address, name="sign-in"),
    path("dang-nhap/ma/", signin.code, name="sign-in-code"),
    path("dang-nhap/ngoai/", oidc.go, name="oidc-go"),
    path("dang-nhap/ngoai/ve/", oidc.back, name="oidc-back"),
    path("dang-nhap/khoa/", factors.passkey_options, name="passkey-options"),
    path("dang-nhap/khoa/xong/", factors.passkey_signin, name="passkey-signin"),
    path("buoc-hai/", factors.second, name="second-factor"),
    path("buoc-hai/cai/", factors.set_totp, name="totp-set"),
    path("khoa/", factors.passkeys, name="passkeys"),
    path("khoa/them/", factors.passkey_add, name="passkey-add"),
    path("khoa/<uuid:pk>/xoa/", factors.passkey_remove, name="passkey-remove"),
    path("dang-xuat/", signin.sign_out, name="sign-out"),
    path("dang-xuat/moi-noi/", signin.sign_out_everywhere, name="sign-out-everywhere"),
    path("sua/", profile.edit, name="profile"),
    path("dia-chi/", profile.add_address, name="add-address"),
    path("dia-chi/ma/", profile.confirm_address, name="confirm-address"),
    path("giam-ho/", profile.ask_guardian, name="ask-guardian"),
    path("du-lieu/", data.overview, name="my-data"),
    path("du-lieu/tai/", data.download, name="my-data-download"),
    path("du-lieu/xoa/", data.erase, name="my-data-erase"),
]
