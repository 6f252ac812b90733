"""The desks: of a base, of 客服 and the province over all trainees, of accounts, of the province."""

from django.urls import path

from .views import base, departments, history, people, province, schemes, support

app_name = "administration"

urlpatterns = [
    path("base/trainees/", base.trainees, name="trainees"),
    path("base/trainees/<uuid:pk>/", base.trainee, name="trainee"),
    path("base/trainees/<uuid:pk>/reset/", base.reset, name="reset"),
    path("base/trainees/<uuid:pk>/year/", base.year, name="year"),
    path("base/trainees/<uuid:pk>/papers.pdf", base.papers, name="trainee_papers"),
    path("base/departments/", departments.departments, name="departments"),
    path("base/departments/<uuid:pk>/", departments.department, name="department"),
    path("base/history/", history.history, name="history"),
    path("base/history/papers/", history.papers, name="history_papers"),
    path("base/history/template.xlsx", history.template, name="history_template"),
    path("base/history/<uuid:pk>/", history.preview, name="preview_history"),
    path("base/history/<uuid:pk>/failed.xlsx", history.failed, name="failed_history_rows"),
    path("support/trainees/", support.trainees, name="support_trainees"),
    path("support/trainees/<uuid:pk>/", support.trainee, name="support_trainee"),
    path("support/trainees/<uuid:pk>/reset/", support.reset, name="support_reset"),
    path("support/trainees/<uuid:pk>/year/", support.year, name="support_year"),
    path("support/trainees/<uuid:pk>/extend/<uuid:season>/", support.extend, name="extend"),
    path("people/", people.people, name="people"),
    path("people/<uuid:pk>/", people.person, name="person"),
    path("people/<uuid:pk>/reset/", people.reset, name="person_reset"),
    path("province/seasons/", province.seasons, name="seasons"),
    path("province/seasons/new/", province.new_season, name="new_season"),
    path("province/seasons/<uuid:pk>/", province.season, name="season"),
    path("province/seasons/<uuid:pk>/cities/", province.set_city, name="set_city"),
    path("province/seasons/<uuid:pk>/cities/<uuid:own>/remove/", province.remove_city, name="remove_city"),
    path("province/schemes/", schemes.schemes, name="schemes"),
    path("province/schemes/import/", schemes.upload, name="import_scheme"),
    path("province/schemes/import/template.xlsx", schemes.template, name="scheme_template"),
    path("province/schemes/import/<uuid:pk>/", schemes.preview, name="preview_scheme"),
    path("province/schemes/import/<uuid:pk>/failed.xlsx", schemes.failed, name="failed_scheme_rows"),
    path("province/schemes/<uuid:pk>.xlsx", schemes.as_sheet, name="scheme_sheet"),
    path("province/schemes/<uuid:pk>/", schemes.scheme, name="scheme"),
    path("province/schemes/<uuid:pk>/drop/", schemes.drop, name="drop_scheme"),
]
