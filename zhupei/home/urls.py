from django.urls import path

from .views import person, public

app_name = "home"

urlpatterns = [
    path("", public.portal, name="portal"),
    path("home/", person.home, name="home"),
]
