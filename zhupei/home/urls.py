from django.urls import path

from .views import person, public

app_name = "home"

urlpatterns = [
    path("", public.portal, name="portal"),
    path("home/", person.home, name="home"),
    path("guide/", public.show_guide, name="guide"),
    path("guide.pdf", public.guide_pdf, name="guide_pdf"),
    path("downloads/", public.downloads, name="downloads"),
]
