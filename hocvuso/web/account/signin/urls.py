from django.urls import path

from . import factors, oidc, pages

urlpatterns = [
    path("dang-nhap/", pages.address, name="sign-in"),
    path("dang-nhap/ma/", pages.code, name="sign-in-code"),
    path("dang-nhap/ma/trang-thai.json", pages.code_state, name="sign-in-code-state"),
    path("dang-nhap/ngoai/", oidc.go, name="oidc-go"),
    path("dang-nhap/ngoai/ve/", oidc.back, name="oidc-back"),
    path("dang-nhap/khoa/", factors.passkey_options, name="passkey-options"),
    path("dang-nhap/khoa/xong/", factors.passkey_signin, name="passkey-signin"),
    path("buoc-hai/", factors.second, name="second-factor"),
    path("buoc-hai/cai/", factors.set_totp, name="totp-set"),
    path("khoa/", factors.passkeys, name="passkeys"),
    path("khoa/them/", factors.passkey_add, name="passkey-add"),
    path("khoa/<uuid:pk>/xoa/", factors.passkey_remove, name="passkey-remove"),
    path("dang-xuat/", pages.sign_out, name="sign-out"),
    path("dang-xuat/moi-noi/", pages.sign_out_everywhere, name="sign-out-everywhere"),
]
