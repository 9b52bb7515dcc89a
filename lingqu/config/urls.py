"""All addresses: each module brings its own."""

from __future__ import annotations

from django.urls import include, path, re_path

from lingqu.config import api, condition_views, help_views, views
from lingqu.config.watch import views as watching
from lingqu.documents.registry.pages import document_urls
from lingqu.notices.views import forgotten
from lingqu.orders.urls import delivery_urls

urlpatterns = [
    path("health", views.health, name="health"),
    path("system/", condition_views.condition, name="condition"),
    path("ready", watching.ready, name="ready"),
    path("metrics", watching.metrics, name="metrics"),
    path("language", views.language, name="language"),
    path("theme/<slug:chosen>", views.theme, name="theme"),
    path("kept", views.kept, name="kept"),
    path("help/api", help_views.api_help, name="api_help"),
    path("help/api/<slug:name>", help_views.api_operation, name="api_operation"),
    path("api/v1/openapi.json", api.description, name="api_description"),
    path("api/v1/", include((api.operations, "ninja"), namespace="api")),
    re_path("^api/", api.unknown, name="api_unknown"),
    path("accounts/forgotten", forgotten, name="forgotten"),
    path("accounts/", include("lingqu.organisation.urls")),
    path("orders/", include("lingqu.orders.urls")),
    path("deliveries/", include(delivery_urls)),
    path("regulation/", include("lingqu.policy.urls")),
    path("approvals/", include("lingqu.approvals.urls")),
    path("duties/", include("lingqu.duties.urls")),
    path("notices/", include("lingqu.notices.urls")),
    path("stock/", include("lingqu.inventory.urls")),
    path("", include("lingqu.documents.urls")),
    path("titles/", include("lingqu.catalogue.urls")),
    path("opening/", include("lingqu.opening.urls")),
    path("", include("lingqu.credit.urls")),
    path("", include("lingqu.returns.urls")),
    path("", include("lingqu.settlement.urls")),
    *document_urls(),
    path("", include("lingqu.desk.urls")),
]
handler404 = "lingqu.config.views.page_not_found"
handler500 = "lingqu.config.views.server_error"
