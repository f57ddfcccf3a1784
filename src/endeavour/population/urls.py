"""Addresses of this part."""

from django.urls import path

from endeavour.population import views, views_first_5000, views_inequality, views_measures

app_name = "population"
urlpatterns = [
    path("area", views.area_index, name="areas"),
    path("area/<slug:code>.csv", views.area_csv, name="area-csv"),
    path("area/<slug:code>", views.area_page, name="area"),
    path("inequality", views_inequality.inequality, name="inequality"),
    path("inequality.csv", views_inequality.inequality_csv, name="inequality-csv"),
    path("core20", views_inequality.core20, name="core20"),
    path("core20.csv", views_inequality.core20_csv, name="core20-csv"),
    path("life-expectancy.csv", views_inequality.life_expectancy_csv, name="life-expectancy-csv"),
    path("measure", views_measures.measures, name="measures"),
    path("measure/<slug:identity>.csv", views_measures.measure_csv, name="measure-csv"),
    path("measure/<slug:identity>", views_measures.measure, name="measure"),
    path("methods", views_measures.methods, name="methods"),
    path("first-5000", views_first_5000.first_5000, name="first-5000"),
    path("first-5000.csv", views_first_5000.first_5000_csv, name="first-5000-csv"),
    path("first-5000.json", views_first_5000.first_5000_json, name="first-5000-json"),
    path("calibration", views_measures.calibration, name="calibration"),
]
