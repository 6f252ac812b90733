"""Signing in and out, and one's own password."""

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as open_session
from django.contrib.auth import logout as close_session
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from .. import actions
from ..forms import PasswordForm, SignInForm
from ..http import SignedInRequest, address_of


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(_next(request))
    form = SignInForm(request.POST or None)
    if form.is_valid():
        username, password = form.cleaned_data["username"], form.cleaned_data["password"]
        try:
            user = actions.sign_in(username, password, address=address_of(request))
        except actions.SignInRefused as refusal:
            form.add_error("username", str(refusal))
        else:
            open_session(request, user)
            return redirect(_next(request))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"form": form, "next": request.GET.get("next", request.POST.get("next", ""))}
    return render(request, "accounts/person/login.html", context, status=status)


@require_POST
def logout(request: SignedInRequest) -> HttpResponse:
    close_session(request)
    messages.success(request, "您已退出")
    return redirect("accounts:login")


@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: SignedInRequest) -> HttpResponse:
    form = PasswordForm(request.POST or None, user=request.user)
    if form.is_valid():
        user = actions.set_password(request.user, password=form.cleaned_data["new"], by=request.user)
        update_session_auth_hash(request, user)
        messages.success(request, "新密码已生效，其他电脑上的登录已退出")
        return redirect(settings.LOGIN_REDIRECT_URL)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "accounts/person/password.html", {"form": form}, status=status)


def _next(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is a page of ours."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    ours = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if ours else settings.LOGIN_REDIRECT_URL
