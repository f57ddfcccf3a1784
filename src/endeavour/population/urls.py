"""Addresses of this part."""

from django.urls import path

from endeavour.population import (
    views,
    views_caseload,
    views_catalogue,
    views_comparisons,
    views_core20plus5,
    views_first_5000,
    views_inequality,
    views_linkage,
    views_measures,
    views_plus,
    views_worsening,
)

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
    path("core20plus5", views_core20plus5.index, name="core20plus5-index"),
    path("core20plus5/<slug:who>.csv", views_core20plus5.core20plus5_csv, name="core20plus5-csv"),
    path(
        "core20plus5/<slug:who>.csv-metadata.json",
        views_core20plus5.core20plus5_metadata,
        name="core20plus5-metadata",
    ),
    path("core20plus5/<slug:who>", views_core20plus5.core20plus5, name="core20plus5"),
    path(
        "measure/<slug:identity>.csv-metadata.json", views_catalogue.measure_metadata, name="measure-metadata"
    ),
    path("measure/<slug:identity>.csv", views_measures.measure_csv, name="measure-csv"),
    path("measure/<slug:identity>", views_measures.measure, name="measure"),
    path("compare", views_comparisons.compare_index, name="compare-index"),
    path("compare/<slug:identity>.csv", views_comparisons.compare_csv, name="compare-csv"),
    path(
        "compare/<slug:identity>.csv-metadata.json",
        views_comparisons.compare_metadata,
        name="compare-metadata",
    ),
    path("compare/<slug:identity>", views_comparisons.compare, name="compare"),
    path("inequality/worsening", views_worsening.worsening, name="worsening"),
    path("inequality/worsening.csv", views_worsening.worsening_csv, name="worsening-csv"),
    path(
        "inequality/worsening.csv-metadata.json",
        views_worsening.worsening_metadata,
        name="worsening-metadata",
    ),
    path("inequality/slope", views_comparisons.slope, name="slope"),
    path("inequality/slope.csv", views_comparisons.slope_csv, name="slope-csv"),
    path("inequality/slope.csv-metadata.json", views_comparisons.slope_metadata, name="slope-metadata"),
    path("inequality/groups", views_comparisons.groups, name="groups"),
    path("inequality/groups.csv", views_comparisons.groups_csv, name="groups-csv"),
    path("inequality/groups.csv-metadata.json", views_comparisons.groups_metadata, name="groups-metadata"),
    path("methods", views_measures.methods, name="methods"),
    path("first-5000", views_first_5000.first_5000, name="first-5000"),
    path("first-5000.csv", views_first_5000.first_5000_csv, name="first-5000-csv"),
    path("first-5000.json", views_first_5000.first_5000_json, name="first-5000-json"),
    path("caseload", views_caseload.caseload_list, name="caseload"),
    path("caseload/open", views_caseload.open_caseload, name="caseload-open"),
    path("caseload/looks", views_caseload.looks, name="caseload-looks"),
    path("caseload/<int:number>", views_caseload.household, name="household"),
    path("caseload/<int:number>/<slug:kind>", views_caseload.record, name="household-record"),
    path("linkage/review", views_linkage.review, name="linkage-review"),
    path("plus-groups", views_plus.plus_groups, name="plus-groups"),
    path("plus-groups.csv", views_plus.plus_groups_csv, name="plus-groups-csv"),
    path("plus-groups/review", views_plus.review, name="plus-groups-review"),
    path("calibration", views_measures.calibration, name="calibration"),
]
