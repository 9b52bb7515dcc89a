from tests.browser.conftest import DESK, PHONE
def test_look(visit, demo):
    print({l: p["post"] for l, p in demo.people.items()})
    keeper = next(l for l, p in demo.people.items() if "库房" in str(p["post"]) or "warehouse" in str(p["post"]).lower())
    said = []
    for login, lang, size in ((keeper, "zh", PHONE), (keeper, "en", DESK)):
        page = visit(login, language=lang, size=size)
        for name, at in (("list", "/deliveries/"), ("ship", "/deliveries/to-ship")):
            page.goto(at)
            page.screenshot(path=f"/tmp/deliveries/{name}-{lang}.png", full_page=True)
            said.append((at, lang, page.evaluate("document.documentElement.scrollWidth - innerWidth")))
        link = page.query_selector("a[href$='/parts']")
        if link:
            page.goto(link.get_attribute("href")); page.screenshot(path=f"/tmp/deliveries/parts-{lang}.png", full_page=True)
            said.append(("parts", lang, page.evaluate("document.documentElement.scrollWidth - innerWidth")))
    for login in demo.people:
        page = visit(login, language="zh", size=PHONE)
        page.goto("/deliveries/?group=late")
        link = page.query_selector(".rows a.code")
        page.goto(link.get_attribute("href") if link else "/deliveries/")
        if page.query_selector(".receive-all"):
            page.screenshot(path="/tmp/deliveries/one-zh.png", full_page=True)
            said.append(("one", login, page.evaluate("document.documentElement.scrollWidth - innerWidth")))
            break
    print(said)
