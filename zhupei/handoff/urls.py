"""The phone's page is open to whoever holds its token; the rest is the trainee's."""

from django.urls import path

from .views import phone, trainee

app_name = "handoff"

urlpatterns = [
    path("m/<str:token>/", phone.page, name="phone"),
    path("m/<str:token>/done/", phone.done, name="done"),
    path("phone/documents/<str:kind>/", trainee.open_document, name="document"),
    path("phone/papers/<uuid:pk>/<uuid:rotation>/<str:kind>/", trainee.open_paper, name="paper"),
    path("phone/<uuid:pk>/", trainee.code, name="code"),
    path("phone/<uuid:pk>/end/", trainee.end, name="end"),
]
