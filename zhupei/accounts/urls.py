from django.urls import path

from .views import person

app_name = "accounts"

urlpatterns = [
    path("login/", person.login, name="login"),
    path("logout/", person.logout, name="logout"),
    path("password/", person.password, name="password"),
]
