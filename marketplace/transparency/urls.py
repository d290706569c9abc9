from django.urls import path

from .views import earlier, figures, log, projects, rules, verify

app_name = "transparency"
urlpatterns = [
    path("log/", log.LogPage.as_view(), name="log"),
    path("log/witness.json", log.witness_json, name="log-witness"),
    path("log/consistency.json", log.consistency_json, name="log-consistency"),
    path("log/entries.jsonl", log.entries_jsonl, name="log-entries"),
    path("log/heads.jsonl", log.heads_jsonl, name="log-heads"),
    path("log/<int:number>/", log.LogEntryPage.as_view(), name="log-entry"),
    path("log/<int:number>.json", log.entry_json, name="log-entry-json"),
    path("rules/", rules.RulesPage.as_view(), name="rules"),
    path("rules/rules.csv", rules.rules_csv, name="rules-csv"),
    path("rules/rules.json", rules.rules_json, name="rules-json"),
    path("projects/", projects.ProjectList.as_view(), name="project-list"),
    path("projects/download.csv", projects.projects_csv, name="projects-csv"),
    path("projects/download.json", projects.projects_json, name="projects-json"),
    path("projects/<str:number>/", projects.ProjectPage.as_view(), name="project-detail"),
    path("projects/<str:number>/award-<int:position>.json", projects.award_json, name="award-json"),
    path("ventures/earlier/", earlier.EarlierCalls.as_view(), name="earlier-calls"),
    path("ventures/earlier/<str:number>/", earlier.EarlierCallPage.as_view(), name="earlier-call"),
    path("ventures/earlier/<str:number>/projects.csv", earlier.earlier_csv, name="earlier-csv"),
    path("about/figures/", figures.Figures.as_view(), name="figures"),
    path("about/figures/figures.csv", figures.figures_csv, name="figures-csv"),
    path("about/figures/figures.json", figures.figures_json, name="figures-json"),
    path("open-data/", figures.OpenData.as_view(), name="open-data"),
    path("verify/", verify.Verify.as_view(), name="verify"),
]
