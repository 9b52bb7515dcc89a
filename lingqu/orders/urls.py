"""Addresses of purchase requests."""

from __future__ import annotations

from django.urls import path

from lingqu.orders import views

urlpatterns = [
    path("", views.listing, name="orders"),
    path("sums", views.sums, name="orders_sums"),
    path("new", views.enter, name="order_new"),
    path("lines", views.fill, name="order_lines"),
    path("left", views.left_lines, name="order_left"),
    path("template", views.template, name="order_template"),
    path("totals", views.preview, name="order_totals"),
    path("<str:number>/", views.show, name="order"),
    path("<str:number>/accept", views.accept, name="order_accept"),
    path("<str:number>/contract", views.contract, name="order_contract"),
    path("<str:number>/hand-in", views.hand_in, name="order_hand_in"),
    path("<str:number>/acceptance", views.acceptance, name="order_acceptance"),
    path("<str:number>/files/<str:attachment>", views.attached, name="order_file"),
    path("<str:number>/decline", views.decline, name="order_decline"),
    path("<str:number>/withdraw", views.withdraw, name="order_withdraw"),
    path("<str:number>/decide", views.decide_again, name="order_decide"),
    path("<str:number>/waive", views.waive, name="order_waive"),
    path("<str:number>/ship", views.ship, name="order_ship"),
    path("<str:number>/change", views.change, name="order_change"),
    path("<str:number>/split", views.split, name="order_split"),
    path("<str:number>/merge", views.merge, name="order_merge"),
    path("<str:number>/reopen", views.reopen, name="order_reopen"),
    path("<str:number>/cancel", views.cancel, name="order_cancel"),
    path("<str:number>/close", views.close, name="order_close"),
    path("<str:number>/parts", views.parts, name="order_parts"),
    path("<str:number>/pick-slip", views.pick_slip, name="order_pick_slip"),
    path("<str:number>/return", views.take_in, name="order_return"),
    path("<str:number>/ask", views.ask, name="order_ask"),
    path("<str:number>/collect", views.collect, name="order_collect"),
    path("signatures/<str:number>/again", views.ask_again, name="signature_again"),
    path("signatures/<str:number>/withdraw", views.take_back, name="signature_withdraw"),
]

delivery_urls = [
    path("", views.delivery_list, name="deliveries"),
    path("to-ship", views.to_ship, name="deliveries_to_ship"),
    path("<str:number>/", views.delivery, name="delivery"),
    path("<str:number>/receive", views.receive, name="delivery_receive"),
    path("<str:number>/parcels", views.name_parcels, name="delivery_parcels"),
    path("<str:number>/late", views.late_report, name="delivery_late"),
    path("<str:number>/note", views.delivery_note, name="delivery_note"),
    path("<str:number>/labels", views.delivery_labels, name="delivery_labels"),
    path("differences/<str:number>/count", views.count_differences, name="difference_count"),
    path("differences/<str:number>/answer", views.answer_differences, name="difference_answer"),
    path("differences/<str:number>/photos/<str:attachment>", views.difference_photo, name="difference_photo"),
]
"""Addresses of deliveries, which `config` puts under `deliveries/`."""
